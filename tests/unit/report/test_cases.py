"""What is hard about a frame, by what is known of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from faceloom.actors.labels import Shot
from faceloom.geometry.landmarks import CANONICAL
from faceloom.report.cases import CASES, cases

POINTS = (CANONICAL * 40 + (28, 20)).ravel().tolist()
PERSON: dict[str, Any] = {
    "skin": {"texture": "young_lightskinned_male_diffuse"},
    "beard": None,
    "glasses": None,
}
DARK = {**PERSON, "skin": {"texture": "middleage_darkskinned_male_diffuse"}}


def shot(frames: int = 8, host: Any = PERSON, donor: Any = PERSON, **columns: list[float]) -> Shot:
    """A shot in which nothing happens, but for the columns that are given."""
    usual = {"yaw": 0.0, "key": 1.0, "azimuth": -38.0, "jawOpen": 0.0}
    rows = [
        SimpleNamespace(
            frame=frame,
            landmarks=POINTS,
            **{name: columns[name][frame] if name in columns else at for name, at in usual.items()},
        )
        for frame in range(frames)
    ]
    empty = np.zeros((frames, 80, 96), np.uint8)
    facts = {"host": host, "donor": donor}
    return Shot("a_as_b", Path("a_as_b.mp4"), facts, rows, empty, empty, empty, empty)


def test_where_nothing_happens_nothing_is_hard() -> None:
    found = cases(shot())
    assert set(found) == set(CASES)
    assert {name for name, frames in found.items() if frames} == {"light_skin"}


def test_a_mouth_opens_but_does_not_stay_open() -> None:
    jaw = [0, 0, 0, 0, 0.1, 0.3, 0.4, 0.4, 0.4, 0.4, 0.4, 0.1, 0]
    found = cases(shot(len(jaw), jawOpen=jaw))["mouth_opening"]
    assert found == {3, 4, 5}
    assert not cases(shot(len(jaw), jawOpen=[0.4] * 10 + [0.1, 0, 0]))["mouth_opening"]


def test_a_head_is_turned_to_either_side() -> None:
    yaw = [-31, -29, 0, 29, 31, 30, 0, 0]
    assert cases(shot(yaw=yaw))["profile"] == {0, 4, 5}


def test_a_hand_before_the_face_counts_from_a_twentieth_on() -> None:
    made = shot()
    made.seg[2, 30:40, 40:60] = 6  # across the face
    made.seg[3, 33, 45] = 6
    made.seg[4, :5, :5] = 6  # somewhere else
    made.seg[5, 30:40, 40:60] = 7  # glasses are no hand
    assert cases(made)["occluded"] == {2}


@pytest.mark.parametrize(
    ("column", "values"), [("key", [1, 1, 1, 1, 1, 1, 0.7, 1]), ("azimuth", [9] * 6 + [30, 9])]
)
def test_light_that_is_not_as_it_mostly_is(column: str, values: list[float]) -> None:
    assert cases(shot(**{column: values}))["relit"] == {6}


@pytest.mark.parametrize("two", [(DARK, PERSON), (PERSON, DARK), (DARK, DARK)])
def test_skin_is_dark_on_either_side(two: tuple[Any, Any]) -> None:
    found = cases(shot(3, *two))
    assert found["dark_skin"] == {0, 1, 2} and not found["light_skin"]


def test_beards_and_glasses_count_on_either_side() -> None:
    bearded = {**PERSON, "beard": {"style": "full"}}
    seeing = {**PERSON, "glasses": {"style": "round"}}
    for host, donor in ((bearded, seeing), (seeing, bearded)):
        found = cases(shot(2, host, donor))
        assert found["beard"] == found["glasses"] == {0, 1}
