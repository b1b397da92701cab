"""windows: which boxes stay, against a plain loop; rounding as C does it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.networks.windows import around, best, whole


def test_halves_go_away_from_zero() -> None:
    numbers = np.array([0.5, -0.5, 1.49, -1.5, 2.5, -0.2])
    assert whole(numbers).tolist() == [1, -1, 1, -2, 3, 0]


def test_a_window_round_its_centre() -> None:
    assert around(np.array([[100.0, 50.0]]), (80, 40)).tolist() == [[60.5, 30.5, 139.5, 69.5]]


def pixels(box: tuple[int, ...]) -> set[tuple[int, int]]:
    left, top, right, bottom = box
    return {(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)}


def by_counting(
    boxes: list[tuple[int, ...]], scores: list[float], overlap: float, covered: float
) -> list[int]:
    kept: list[int] = []
    for number in sorted(range(len(boxes)), key=lambda each: -scores[each]):
        mine = pixels(boxes[number])
        for other in kept:
            theirs = pixels(boxes[other])
            both = zip(boxes[number], boxes[other], strict=True)
            left, top, right, bottom = (
                (min, min, max, max)[side](pair) for side, pair in enumerate(both)
            )
            shared = len(mine & theirs)
            if shared / len(pixels((left, top, right, bottom))) > overlap:
                break
            if shared / len(mine) > covered or shared / len(theirs) > covered:
                break
        else:
            kept.append(number)
    return kept


boxes = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)).map(
    lambda four: (four[0], four[1], four[0] + four[2], four[1] + four[3])
)


@given(
    st.lists(st.tuples(boxes, st.integers(0, 1000)), max_size=9, unique_by=lambda each: each[1]),
    st.sampled_from([0.2, 0.338, 0.6]),
    st.sampled_from([0.7, 1.0]),
)
def test_the_best_by_counting_pixels(
    found: list[tuple[tuple[int, ...], int]], overlap: float, covered: float
) -> None:
    places = [box for box, _ in found]
    scores = [score / 1000 for _, score in found]
    kept = best(np.array(places, float).reshape(-1, 4), np.array(scores), overlap, covered)
    assert kept == by_counting(places, scores, overlap, covered)


def test_the_share_is_of_the_box_round_both_and_not_of_their_union() -> None:
    one, two = [0, 0, 9, 9], [5, 5, 14, 14]  # shared 25, union 175, box round both 225
    found = np.array([one, two], float)
    assert best(found, np.array([2.0, 1.0]), 0.12, 1.0) == [0, 1]
    assert best(found, np.array([2.0, 1.0]), 0.11, 1.0) == [0]


@pytest.mark.parametrize("covered, kept", [(1.0, [0, 1]), (0.9, [0])])
def test_a_box_inside_another(covered: float, kept: list[int]) -> None:
    found = np.array([[0, 0, 99, 99], [10, 10, 19, 19]], float)
    assert best(found, np.array([2.0, 1.0]), 0.3, covered) == kept
