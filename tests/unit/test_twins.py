"""The benchmark's people, shots and swaps, before anything is rendered."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from faceloom import schema
from faceloom.errors import FaceloomError
from faceloom.plan import Plan

SMALL: dict[str, Any] = {
    "name": "small",
    "seed": 7,
    "casts": 2,
    "shots": 1,
    "takes": {"plain": {}, "hand": {"occluder": "hand"}, "turned": {"lively": 1.5}},
}


FILE = Path(__file__).parents[2] / "benchmarks/twins.yaml"


def plan(actors: dict[str, Any] | None = None, **changes: Any) -> Plan:
    config = {"actors": actors or {}, "twins": {**SMALL, **changes}}
    return Plan(config, rendered="out/{take}/{shot}.mp4")


def test_each_wears_the_face_of_the_other_in_the_cast() -> None:
    made = plan()
    assert list(made.people) == ["s7a", "s7b", "s7c", "s7d"]
    assert [swap.pairs for swap in made.swaps.values()] == [
        ["s7a=s7b"],
        ["s7b=s7a"],
        ["s7c=s7d"],
        ["s7d=s7c"],
    ]
    assert made.casts() == ["s7a+s7b", "s7c+s7d"]
    assert {person.basis for person in made.people.values()} == {"synthetic"}


def test_takes_go_round() -> None:
    assert list(plan().swaps) == [
        "s7a_s7b_plain",
        "s7b_s7a_hand",
        "s7c_s7d_turned",
        "s7d_s7c_plain",
    ]
    assert len(plan(shots=3).swaps) == 12


def test_a_clip_and_its_twin_are_of_one_take() -> None:
    made = plan()
    swap = made.swaps["s7b_s7a_hand"]
    clip, truth = made.clips[swap.clip], made.clips[swap.truth or ""]
    assert (clip.use, truth.use) == ("judge", "truth")
    assert clip.path == truth.path.replace("s7b_as_s7a", "s7b")
    take = int(clip.path.split("/")[1])
    assert made.takes[take].occluder == "hand"
    assert made.filmed(take) == made.takes[take].model_dump_json()


def test_no_two_shots_have_the_same_seed() -> None:
    one, other = plan(shots=3), plan(seed=8, shots=3)
    assert len(one.takes) == 4 * 4
    assert not set(one.takes) & set(other.takes)


def test_people_are_learnt_from_in_a_clip_of_their_own() -> None:
    made = plan({"size": 128}, learn={"frames": 12, "every": 3})
    assert made.clips_of("s7c") == ["s7c_learn"]
    take = int(made.clips["s7c_learn"].path.split("/")[1])
    filmed = made.takes[take]
    assert (filmed.size, filmed.frames, filmed.every) == (128, 12, 3)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"casts": 0}, "casts"),
        ({"casts": 14}, "casts"),
        ({"shots": 4}, "4 shots, but 3 takes"),
        ({"takes": {"learn": {}}}, "cannot be called learn"),
        ({"takes": {"plain": {"livly": 1}}}, "livly"),
        ({"learn": {"frames": 0}}, "frames"),
        ({"seed": None}, "seed"),
        ({"name": "../small"}, "a-z"),
        ({"who": 1}, "who"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(FaceloomError, match="config: twins: ") as error:
        plan(**changes)
    assert word in str(error.value) and "\n" not in str(error.value)


def test_clips_are_drawn_or_written_but_not_both() -> None:
    with pytest.raises(FaceloomError, match="take out swaps"):
        Plan({"twins": SMALL, "swaps": {"a": {"clip": "a", "faces": "b"}}})


def test_the_small_benchmark_is_as_promised() -> None:
    """Two casts, two recipes, two trainings; blending alone is no training of its own."""
    said = yaml.safe_load(FILE.read_text())
    Draft202012Validator(schema.schema()).validate(said)
    made = Plan(said)
    assert len(made.casts()) == 2
    assert set(made) == {"baseline", "baseline_seed1", "poisson", "poisson_seed1"}
    assert made.owners("train") == ["baseline", "baseline_seed1"]
    assert len(made.swaps) == 4


def test_a_config_of_neither_swaps_nor_twins_is_wrong() -> None:
    assert list(Draft202012Validator(schema.schema()).iter_errors({"variants": {}}))
