"""flicker: the second difference over time, in the crop that holds the face still."""

from collections.abc import Callable

import numpy as np
import pytest

from faceloom.metrics import flicker
from faceloom.metrics.moment import Moment, Shown

score = flicker.make()
SHIFT = np.array([[1.0, 0, -16], [0, 1.0, -8]])


def grey(level: float) -> np.ndarray:
    return np.full((80, 96, 3), level, np.uint8)


def three(face: Callable, films: list[np.ndarray], **changes: object) -> Moment:
    before, now, after = (Shown(face(**changes), film, film) for film in films)
    return Moment(now, before, after, lambda *_: np.zeros((1, 68, 2)))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [((90, 90, 90), 0), ((90, 100, 110), 0), ((90, 100, 90), 20), ((100, 90, 95), 15)],
)
def test_only_what_does_not_change_at_a_constant_pace(
    face: Callable, levels: tuple[int, int, int], expected: float
) -> None:
    found = score(three(face, [grey(level) for level in levels]))
    assert found == pytest.approx({"flicker": expected}, abs=1e-3)


def test_only_the_mask_counts(face: Callable) -> None:
    films = [grey(90), grey(90), grey(90)]
    films[1][:24] = 250
    films[1][56:] = 250
    assert score(three(face, films))["flicker"] == pytest.approx(0, abs=1e-3)
    films[1][24:40] = 100  # half of the mask
    assert score(three(face, films))["flicker"] == pytest.approx(10, abs=1e-3)


def test_a_face_that_moves_with_its_host_does_not_flicker(face: Callable, frame: Callable) -> None:
    shown = []
    for step in (-3, 0, 5):
        film = np.roll(frame(6), step, axis=1)
        moved = SHIFT - np.array([[0, 0, step], [0, 0, 0]])
        shown.append(Shown(face(matrix=moved), film, film))
    before, now, after = shown
    still = Moment(now, before, after, lambda *_: np.zeros((1, 68, 2)))
    assert score(still)["flicker"] == pytest.approx(0, abs=1e-3)


def test_a_label_does_not_count_in_any_of_the_three(face: Callable) -> None:
    films = [grey(90), grey(90), grey(90)]
    films[1][24:40, :] = 200
    before, now, after = (Shown(face(), film, film, mark=(0, 20, 96, 40)) for film in films)
    moment = Moment(now, before, after, lambda *_: np.zeros((1, 68, 2)))
    assert score(moment)["flicker"] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("missing", ["before", "after"])
def test_it_takes_three_frames(face: Callable, missing: str) -> None:
    films = {name: Shown(face(), grey(1), grey(1)) for name in ("before", "now", "after")}
    moment = Moment(**{**films, missing: None}, landmarker=lambda *_: np.zeros((1, 68, 2)))
    assert score(moment) == {}
