"""A config of the wrong sorts: one line, whatever is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from faceloom.errors import FaceloomError
from faceloom.plan import Plan

PROJECT = Path(__file__).parents[2]
CONFIG: dict[str, Any] = {
    "swaps": {"boris_chen": {"clip": "boris", "faces": "chen"}},
    "licences": ["CC0-1.0", "Apache-2.0"],
    "variants": {"new": {"why": "To see."}},
}


@pytest.fixture(autouse=True)
def in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def swap(**said: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"swaps": {"it": {"clip": "boris", "faces": "chen"} | said}}


def variant(said: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"variants": {"new": said}}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: {"clips": 3}, "clips: 3 is there; write a text"),
        (lambda: {"licences": "research"}, "licences: 'research' is there; write a list"),
        (lambda: {"licences": [1]}, "licences: 1 is there; write a text"),
        (lambda: {"swaps": ["boris"]}, "swaps: .* write names with what belongs to each"),
        (lambda: {"swaps": {3: {"clip": "boris"}}}, "swaps: the name 3 is read as int; write it"),
        (swap(clip=["boris"]), "swap it: clip: .* write a text"),
        (swap(clips="boris"), "swap it: clips: .* write a list"),
        (swap(clips=[1]), "swap it: clips: 1 is there"),
        (swap(faces=["chen"]), "swap it: faces: input should be a valid"),
        (swap(faces=3), "swap it: faces: input should be a valid"),
        (lambda: {"casts": ["boris", "chen"]}, "casts: .* write names"),
        (lambda: {"casts": {"us": "boris"}}, "cast us: 'boris' is there; write a list"),
        (lambda: {"variants": "baseline"}, "variants: 'baseline' is there; write names"),
        (lambda: {"variants": {True: {}}}, "variants: the name True is read as bool"),
        (variant("fast"), "variant new: 'fast' is there; write names"),
        (variant({"why": 1}), "variant new: why: 1 is there; write a text"),
        (variant({"like": ["baseline"]}), "variant new: like: .* write a text"),
        (variant({"seeds": "3"}), "variant new: seeds: '3' is there; write a whole number"),
        (variant({"seeds": True}), "variant new: seeds: True is there"),
        (variant({"vary": "train"}), "variant new: vary: 'train' is there; write names"),
        (variant({"vary": {"train.rate": "01"}}), "vary: train.rate: '01' is there; write a list"),
        (variant({"train": 3}), "variant new: train: input should be"),
        (variant({"train": None}), "variant new: train: input should be"),
        (variant({"train": {"steps": "many"}}), "train.steps: input should be a valid integer"),
        (variant({"train": {3: 4}}), "variant new: train"),
        (variant({"refine": "sharpen"}), "variant new: refine"),
        (variant({"blend": {"by": 3}}), "variant new: blend.by"),
    ],
)
def test_a_config_of_the_wrong_sort_is_one_line(
    wrong: Callable[[], dict[str, Any]], said: str
) -> None:
    with pytest.raises(FaceloomError, match=f"^config: .*{said}|^config: {said}") as refused:
        Plan(CONFIG | wrong())
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "empty",
    [
        {"clips": None, "people": None, "weights": None, "casts": None, "variants": None},
        {"variants": {"new": None}},
        {"variants": {"new": {"why": None, "like": None, "vary": None, "seeds": None}}},
        {"swaps": {"it": {"clip": "boris", "faces": "chen", "clips": None}}},
    ],
)
def test_what_is_left_empty_is_as_if_it_were_not_there(empty: dict[str, Any]) -> None:
    plan = Plan(CONFIG | empty)
    assert set(plan) == ({"baseline"} if empty.get("variants", "") is None else {"baseline", "new"})
