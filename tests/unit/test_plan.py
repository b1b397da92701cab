"""Variants, owners and casts, without running anything."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.errors import FaceloomError
from faceloom.plan import Plan
from faceloom.settings import Measures, Pipeline
from faceloom.settings.films import Feather
from faceloom.variants import Variants

PROJECT = Path(__file__).parents[2]
STAGES = [name for name in Pipeline.model_fields if name != "measure"] + [
    f"measure.{kind}" for kind in Measures.model_fields
]

said = st.fixed_dictionaries(
    {},
    optional={
        "crop": st.fixed_dictionaries({"size": st.sampled_from([128, 256])}),
        "curate": st.fixed_dictionaries({"share": st.sampled_from([0.5, 1.0])}),
        "augment": st.none() | st.fixed_dictionaries({"share": st.sampled_from([0.25, 0.5])}),
        "train": st.fixed_dictionaries({"rate": st.sampled_from([1e-4, 7e-4])}),
        "convert": st.sampled_from(
            [{"kind": "generated"}, {"kind": "composite"}, {"kind": "composite", "hold": 0.5}]
        ),
        "refine": st.none() | st.lists(st.sampled_from(["none", "sharpen"]), max_size=2),
        "blend": st.fixed_dictionaries({"by": st.sampled_from(["feather", "poisson"])}),
        "evaluate": st.fixed_dictionaries(
            {"metrics": st.lists(st.sampled_from(["identity", "pose"]), min_size=1)}
        ),
    },
)


@st.composite
def families(draw: st.DrawFn) -> Variants:
    written: dict[str, Any] = {"baseline": draw(said)}
    for number in range(draw(st.integers(0, 5))):
        written[f"v{number}"] = draw(said) | {"like": draw(st.sampled_from(list(written)))}
    return Variants(written)


@given(families())
def test_an_owner_is_told_the_same_in_all_that_is_read(variants: Variants) -> None:
    for variant in variants:
        for stage in STAGES:
            owner = variants.owner(stage, variant)
            assert variants.told(stage, owner) == variants.told(stage, variant)
            assert variants.code(stage, owner) == variants.code(stage, variant)


@given(families())
def test_an_owner_owns_itself(variants: Variants) -> None:
    for variant in variants:
        for stage in STAGES:
            owner = variants.owner(stage, variant)
            assert variants.owner(stage, owner) == owner


@given(families())
def test_nobody_is_further_up_than_what_they_read(variants: Variants) -> None:
    for variant in variants:
        line = [variant]
        while above := variants.parents.get(line[-1]):
            line.append(above)
        for stage in STAGES:
            place = line.index(variants.owner(stage, variant))
            for read in variants.reads(stage, variant):
                assert place <= line.index(variants.owner(read, variant))


@given(families())
def test_who_differs_in_what_is_told_shares_no_file(variants: Variants) -> None:
    for stage in STAGES:
        told: dict[str, Any] = {}
        for variant in variants:
            owner = variants.owner(stage, variant)
            assert told.setdefault(owner, variants.told(stage, variant)) == variants.told(
                stage, variant
            )


def test_a_repeat_shares_what_its_parent_repeats() -> None:
    """A variant that differs in blending alone trains nothing, whatever the seed."""
    said = {"baseline": {"seeds": 3}, "soft": {"blend": {"by": "poisson"}, "seeds": 2}}
    variants = Variants(said)
    assert variants.parents["soft_seed1"] == "baseline_seed1"
    assert variants.owner("train", "soft_seed1") == "baseline_seed1"
    assert variants.owner("blend", "soft_seed1") == "soft_seed1"
    assert variants.pipelines["soft_seed1"].blend.by.kind == "poisson"
    assert variants.pipelines["soft_seed1"].train.seed == 1
    assert variants.repeats["soft_seed1"] == "soft"
    assert variants.repeats["soft"] == "soft"


def test_a_repeat_whose_parent_is_not_repeated_is_like_the_first() -> None:
    variants = Variants({"fast": {"train": {"rate": 1e-3, "seed": 5}, "seeds": 2}})
    assert variants.parents["fast_seed1"] == "fast"
    both = Variants({"baseline": {"seeds": 2}, "fast": {"train": {"seed": 5}, "seeds": 2}})
    assert both.parents["fast_seed1"] == "baseline_seed1"
    assert both.pipelines["fast_seed1"].train.seed == 1
    assert both.owner("train", "fast_seed1") == "baseline_seed1"


def test_nobody_says_that_he_repeats() -> None:
    with pytest.raises(FaceloomError, match="write seeds"):
        Variants({"x": {"repeats": "baseline"}})


def test_values_and_seeds_become_variants() -> None:
    variants = Variants({"rates": {"vary": {"train.rate": [0.1, 0.2]}, "seeds": 2}})
    assert list(variants) == [
        "baseline",
        "rates_0.1",
        "rates_0.1_seed1",
        "rates_0.2",
        "rates_0.2_seed1",
    ]
    assert variants.owner("curate", "rates_0.2_seed1") == "baseline"
    assert json.loads(variants.settings("train", "rates_0.2_seed1"))["seed"] == 1
    assert json.loads(variants.settings("train", "rates_0.2_seed1"))["rate"] == 0.2


def test_values_may_have_names_and_combine() -> None:
    values = {"train.rate": [0.1], "refine": {"once": ["sharpen"], "plain": ["none"]}}
    assert list(Variants({"x": {"vary": values}})) == ["baseline", "x_0.1_once", "x_0.1_plain"]


def test_naming_the_kind_that_is_there_keeps_its_options() -> None:
    poisson = {"blend": {"by": {"kind": "feather", "width": 0.1}}}
    variants = Variants({"baseline": poisson, "same": {"blend": {"by": {"kind": "feather"}}}})
    assert variants.owner("evaluate", "same") == "baseline"


def test_another_kind_starts_afresh() -> None:
    wide = {"blend": {"by": {"kind": "feather", "width": 0.1}}}
    variants = Variants(
        {"a": wide, "b": {"like": "a", "blend": {"by": "poisson"}}, "c": {"like": "b", **FEATHER}}
    )
    assert json.loads(variants.settings("blend", "c"))["by"]["width"] == Feather().width


FEATHER = {"blend": {"by": {"kind": "feather"}}}


def test_what_can_be_off_is_not_read_while_it_is() -> None:
    variants = Variants({"on": {"augment": {}, "refine": ["sharpen"]}})
    assert "augment" not in variants.reads("train", "baseline")
    assert "augment" in variants.reads("train", "on")
    assert variants.settings("augment", "baseline") == "null"
    assert "refine" not in variants.told("blend", "baseline")


def test_who_wants_hands_before_faces_reads_the_parsing() -> None:
    variants = Variants({"baseline": {}, "hands": {"blend": {"occlusion": {}}}})
    assert "measure.parsing" not in variants.told("evaluate", "baseline")
    assert "measure.parsing" in variants.reads("blend", "hands")
    assert variants.weights("measure.parsing", "hands") == ("face_parser.pt",)
    assert variants.owner("convert", "hands") == "baseline"
    assert variants.owner("blend", "hands") == "hands"
    mesh = {"blend": {"occlusion": {}}, "measure": {"parsing": "mesh_hulls"}}
    assert Variants({"hands": mesh}).weights("measure.parsing", "hands") == (
        "face_landmarker.task",
    )


def test_what_is_said_of_the_parser_is_checked() -> None:
    assert Plan({**CONFIG, "parser": {"people": 3}}).parser.people == 3
    with pytest.raises(FaceloomError, match=r"^config: parser: peeple: extra inputs are not"):
        Plan({**CONFIG, "parser": {"peeple": 3}})


def test_a_composite_trains_nothing() -> None:
    variants = Variants({"flat": {"convert": {"kind": "composite"}, "train": {"rate": 0.1}}})
    assert not variants.trains("flat")
    assert variants.owners("train") == ["baseline"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"a": {"train": {"ratee": 1}}}, "variant a: train.ratee: extra inputs"),
        ({"a": {"like": "b"}, "b": {"like": "a"}}, "ring: a > b > a"),
        ({"a": {"like": "c"}}, "a is like c, which there is not"),
        ({"a-b": {}}, "a-b: a name has"),
        ({"a": {"vary": {"train.rate": [1]}}, "a_1": {}}, "a_1 is there twice"),
        ({"a": {"train": {"model": {"mask": "alpha"}}}}, "nothing teaches the mask"),
    ],
)
def test_a_slip_of_the_pen_is_named(written: dict[str, Any], message: str) -> None:
    with pytest.raises(FaceloomError, match=message):
        Variants(written)


@pytest.fixture
def in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheets are looked up from here."""
    monkeypatch.chdir(PROJECT)


BOTH = {
    "boris_chen": {"clip": "boris", "faces": "chen", "truth": "boris_as_chen"},
    "chen_boris": {"clip": "chen", "faces": "boris"},
}
CONFIG = {"swaps": BOTH, "licences": ["CC0-1.0", "Apache-2.0"]}


@pytest.mark.usefixtures("in_project")
def test_two_swaps_of_two_people_are_one_cast() -> None:
    plan = Plan(CONFIG)
    assert plan.casts() == ["boris+chen"]
    assert plan.members("boris+chen") == ("boris", "chen")
    assert plan.casts_of("baseline", "boris_chen") == plan.casts_of("baseline", "chen_boris")


@pytest.mark.usefixtures("in_project")
def test_weights_are_chosen_by_swaps_that_are_not_judged() -> None:
    chosen = {"clip": "boris", "faces": "chen", "truth": "boris_as_chen", "use": "choose"}
    swaps = {"chen_boris": BOTH["chen_boris"], "by": chosen}
    plan = Plan({**CONFIG, "swaps": swaps, "variants": {"best": {"train": {"best": {}}}}})
    assert list(plan.swaps) == ["chen_boris"]
    assert [swap.clip for swap in plan.chosen_by("best", "boris+chen")] == ["boris"]
    assert not plan.chosen_by("baseline", "boris+chen")  # which keeps the last weights
    assert ("boris", "host") in list(plan.uses())
    with pytest.raises(FaceloomError, match="chosen by boris, which judges them too"):
        Plan({**CONFIG, "swaps": {**BOTH, "by": chosen}})
    with pytest.raises(FaceloomError, match="no swaps but those to choose by"):
        Plan({**CONFIG, "swaps": {"by": chosen}})


@pytest.mark.usefixtures("in_project")
def test_people_are_learnt_from_their_own_clips_to_learn_from() -> None:
    plan = Plan(CONFIG)
    assert plan.clips_of("boris") == ["boris_learn"]
    assert plan.known_by({"chen", "boris"}) == ["boris_learn", "chen_learn"]
    assert plan.judged("boris") == "elsewhere"


@pytest.mark.usefixtures("in_project")
def test_who_has_taught_a_model_must_not_judge_it_alone() -> None:
    def planned(network: str, **evaluate: Any) -> Plan:
        variant = {
            "train": {"losses": {"identity": {"network": network}}},
            "evaluate": evaluate,
        }
        known = ["CC0-1.0", "MIT", "Apache-2.0", "ISC", "research", "own"]
        return Plan({**CONFIG, "licences": known, "variants": {"alike": variant}})

    with pytest.raises(FaceloomError, match=r"variant alike: .* dlib, which alone .*\[sface\]"):
        planned("dlib")
    planned("dlib", judges=["sface"])
    planned("sface")
    with pytest.raises(FaceloomError, match="teach it by sface, which is one of its judges"):
        planned("sface", judges=["sface", "facenet"])
    planned("sface", judges=["facenet"])


@pytest.mark.usefixtures("in_project")
def test_a_named_cast_must_have_the_donors() -> None:
    casts = {"us": ["boris", "dana"]}
    with pytest.raises(FaceloomError, match="variant new: the cast us has no chen"):
        Plan({**CONFIG, "casts": casts, "variants": {"new": {"train": {"cast": "us"}}}})


@pytest.mark.usefixtures("in_project")
def test_one_model_for_many_hosts() -> None:
    said = {
        "swaps": {"boris_chen": {"clip": "boris", "faces": "chen"}},
        "licences": CONFIG["licences"],
        "casts": {"all": {"people": ["chen"], "crowd": ["boris"]}},
        "variants": {"anyone": {"train": {"cast": "all", "losses": {"domain": {}}}}},
    }
    plan = Plan(said)
    assert plan.casts_of("anyone", "boris_chen") == ["all"]
    assert plan.painted("all") == ("chen",) and plan.crowd("all") == ("boris",)
    assert plan.members("all") == ("chen", "boris")
    assert plan.pairs("all") == [("chen", "boris")]
    assert plan.pairs("boris+chen") == [("boris", "chen"), ("chen", "boris")]
    assert ("boris", "training") in set(plan.uses())
    other = {"chen_boris": {"clip": "chen", "faces": "boris"}}
    with pytest.raises(FaceloomError, match="the cast all has no boris among its people"):
        Plan(said | {"swaps": other})


@pytest.mark.usefixtures("in_project")
@pytest.mark.parametrize(
    ("casts", "message"),
    [
        ({"a-b": ["x", "y"]}, "a name has only"),
        ({"ab": ["x"]}, "list two people or more"),
        ({"ab": {"people": [], "crowd": ["x", "y"]}}, "some people and a crowd"),
        ({"ab": {"people": ["x"], "crowd": ["y", "x"]}}, "ab: x: named twice"),
        ({"ab": {"people": ["x", "y"], "faces": "z"}}, "faces: no such entry"),
    ],
)
def test_a_cast_that_cannot_be_is_named(casts: dict[str, Any], message: str) -> None:
    with pytest.raises(FaceloomError, match=message):
        Plan({**CONFIG, "casts": casts})


@pytest.mark.usefixtures("in_project")
def test_leave_ends_by_the_day(tmp_path: Path) -> None:
    people = tmp_path / "people.tsv"
    sheet = (PROJECT / "data/people.tsv").read_text()
    people.write_text(sheet.replace("training\t\t", "training\t2030-01-01\t"))
    config = {**CONFIG, "people": str(people)}
    Plan(config, today=date(2030, 1, 1))
    with pytest.raises(FaceloomError, match="ended on 2030-01-01"):
        Plan(config, today=date(2030, 1, 2))


@pytest.mark.usefixtures("in_project")
def test_terms_of_weights_and_of_what_they_learnt_are_both_asked() -> None:
    dlibs = {"variants": {"baseline": {"detect": {"landmarks": "points68"}}}}
    with pytest.raises(FaceloomError, match="whose terms are research; add research to licences"):
        Plan({**CONFIG, **dlibs})
    with pytest.raises(FaceloomError, match="whose terms are CC0-1.0"):
        Plan({**CONFIG, **dlibs, "licences": ["research", "Apache-2.0"]})


@pytest.mark.usefixtures("in_project")
def test_what_a_match_compares_by_is_measured_and_its_terms_are_asked() -> None:
    alike = {"augment": {}, "match": {"features": "sface_map"}, "evaluate": {"judges": ["sface"]}}
    with pytest.raises(FaceloomError, match="sface.onnx, whose terms are research"):
        Plan({**CONFIG, "variants": {"alike": alike}})
    licences = [*CONFIG["licences"], "research"]
    plan = Plan({**CONFIG, "licences": licences, "variants": {"alike": alike}})
    assert "measure.sface_map" in plan.reads("match", "alike")
    assert "measure.sface" in plan.reads("evaluate", "alike")
    assert plan.owner("crop", "alike") == plan.owner("measure.identity", "alike") == "baseline"
    told = json.loads(plan.experiments())["variants"]["alike"]
    assert told["judged_by"] == ["dlib_face_recognition_resnet_model_v1.dat", "sface.onnx"]


@pytest.mark.usefixtures("in_project")
def test_the_lineage_names_all_that_a_film_hangs_on() -> None:
    lineage = json.loads(Plan(CONFIG).lineage("baseline", "boris_chen"))
    assert lineage["swap"]["faces"] == {"boris": "chen"}
    assert lineage["consent"] == {"boris": "synthetic", "chen": "synthetic"}
    assert {"detect", "train", "blend"} <= set(lineage["settings"]) == set(lineage["code"])
    assert "face_landmarker.task" in lineage["weights"]


@pytest.mark.usefixtures("in_project")
def test_the_comparison_is_told_what_is_different() -> None:
    variants = {"new": {"why": "To see.", "train": {"rate": 0.1, "losses": {"edge": {}}}}}
    told = json.loads(Plan({**CONFIG, "variants": variants}).experiments())["variants"]["new"]
    assert told["says"] == {"train.rate": "0.1", "train.losses.edge": "{}"}
    assert told["why"] == "To see."
    assert (told["owners"]["train"], told["owners"]["crop"]) == ("new", "baseline")
