"""Semantic maps: what landmarks add to parsing, groups, and colours that stay as painted."""

import numpy as np

from faceloom.geometry.landmarks import CANONICAL
from faceloom.pixels.parsing import LABELS
from faceloom.pixels.semantics import SHOWN, coloured, grouped, numbered, planes, told
from faceloom.settings.refiners import Patches

POINTS = CANONICAL * 64
SKIN, HAIR, OCCLUDER = (LABELS.index(name) for name in ("skin", "hair", "occluder"))


def names(found: np.ndarray) -> set[str]:
    return {SHOWN[number] for number in np.unique(found)}


def test_landmarks_tell_brows_nose_and_lips_from_skin() -> None:
    found = told(np.full((64, 64), SKIN, np.uint8), POINTS)
    assert names(found) == {"skin", "brows", "nose", "lips"}
    tip, lip = np.rint(POINTS[30]).astype(int), np.rint(POINTS[57]).astype(int)
    assert SHOWN[found[tip[1] - 2, tip[0]]] == "nose"
    assert SHOWN[found[lip[1] - 1, lip[0]]] == "lips"


def test_what_lies_over_a_face_stays() -> None:
    assert names(told(np.full((64, 64), OCCLUDER, np.uint8), POINTS)) == {"occluder"}
    assert names(told(np.full((64, 64), HAIR, np.uint8), POINTS)) == {"hair", "brows"}


def test_ten_labels_or_any_other_number() -> None:
    every = np.arange(len(SHOWN), dtype=np.int32)[None]
    ten = grouped(every, Patches().labels)
    assert len(np.unique(ten)) == 10
    assert ten[0, SHOWN.index("occluder")] == ten[0, SHOWN.index("glasses")]
    three = grouped(every, [["eyes", "mouth"], ["skin"]])
    assert len(np.unique(three)) == 3
    assert three[0, SHOWN.index("eyes")] == three[0, SHOWN.index("mouth")] == 0
    assert three[0, SHOWN.index("hair")] == three[0, SHOWN.index("nose")] == 2


def test_colours_are_not_mixed_on_the_way_to_the_crop() -> None:
    picture = np.zeros((40, 50, 3), np.uint8)
    picture[:, 25:] = (10, 200, 30)
    matrix = np.array([[1.7, 0.2, 3.3], [-0.2, 1.7, 1.1]])
    found = coloured(picture, matrix, 64)
    assert set(np.unique(found)) == {0, (10 << 16) + (200 << 8) + 30}
    assert found[32, 60] != 0
    assert found[32, 2] == 0


def test_two_maps_have_the_same_planes() -> None:
    """A colour that only one of them has is a plane of the other, too: empty."""
    one = numbered(np.array([[[1, 2, 3], [1, 2, 3]]], np.uint8))
    two = numbered(np.array([[[9, 9, 9], [1, 2, 3]]], np.uint8))
    first, second = planes(one, two)
    assert first.shape == second.shape == (2, 1, 2)
    assert np.array_equal(first, [[[1, 1]], [[0, 0]]])
    assert np.array_equal(second, [[[0, 1]], [[1, 0]]])
