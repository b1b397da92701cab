"""moment: what metrics share is where it should be, and found once."""

from collections.abc import Callable

import dlib
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from faceloom.geometry.landmarks import CANONICAL
from faceloom.geometry.similarity import apply
from faceloom.metrics.moment import Moment, Shown, seat

ROWS, COLUMNS = slice(24, 56), slice(32, 64)
LUMA = np.array([0.299, 0.587, 0.114])


def test_the_mask_lies_where_the_crop_was_taken(face: Callable, frame: Callable) -> None:
    shown = Shown(face(), frame(0), frame(1))
    expected = np.zeros((80, 96))
    expected[ROWS, COLUMNS] = 1
    assert np.allclose(shown.mask, expected, atol=1e-6)


def test_the_window_holds_the_mask_and_a_margin_within_the_frame(
    face: Callable, frame: Callable
) -> None:
    shown = Shown(face(), frame(0), frame(1))
    assert shown.window(5) == (slice(19, 61), slice(27, 69))
    rows, columns = shown.window(30)
    assert frame(0)[rows, columns].shape == (80, 92, 3)


def test_a_mask_outside_of_the_frame_has_an_empty_window(face: Callable, frame: Callable) -> None:
    away = np.array([[1.0, 0, 500], [0, 1.0, 0]])
    shown = Shown(face(matrix=away), frame(0), frame(1))
    assert not shown.mask.any() and frame(0)[shown.window(3)].size == 0


def test_the_mark_is_not_clear(face: Callable, frame: Callable) -> None:
    shown = Shown(face(), frame(0), frame(1), mark=(2, 70, 30, 80))
    assert shown.clear().sum() == 80 * 96 - 28 * 10 and not shown.clear()[70:80, 2:30].any()
    assert shown.clear(3).sum() == 80 * 96 - 33 * 13
    assert Shown(face(), frame(0), frame(1)).clear(9).all()


def test_the_steady_face_is_the_crop_in_luma(face: Callable, frame: Callable) -> None:
    film = frame(3)
    steady = Shown(face(), film, frame(1)).steady
    assert np.allclose(steady, film[8:72, 16:80] @ LUMA, atol=1e-3)


def test_the_steady_face_stands_still_where_its_host_moves(face: Callable, frame: Callable) -> None:
    film = frame(3)
    moved = np.roll(film, (4, 7), axis=(0, 1))
    there = np.array([[1.0, 0, -16 - 7], [0, 1.0, -8 - 4]])
    first, second = Shown(face(), film, film), Shown(face(matrix=there), moved, film)
    inner = slice(12, 52)
    assert np.allclose(first.steady[inner, inner], second.steady[inner, inner], atol=1e-3)


def test_landmarks_are_sought_once_for_each_picture_and_in_the_same_box(
    face: Callable, frame: Callable
) -> None:
    asked = []

    def landmarker(image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        asked.append(boxes)
        return np.full((1, 68, 2), float(image[0, 0, 0]))

    film, host = np.full((80, 96, 3), 7, np.uint8), np.full((80, 96, 3), 9, np.uint8)
    moment = Moment(Shown(face(), film, host), None, None, landmarker)
    for _ in range(2):
        assert moment.film_landmarks[3, 0] == 7 and moment.host_landmarks.shape == (68, 2)
    assert len(asked) == 2 and np.array_equal(asked[0], asked[1])


@given(st.floats(0.2, 9), st.floats(-3, 3), st.floats(-99, 99))
def test_the_seat_goes_with_the_face(times: float, turn: float, shift: float) -> None:
    spin = times * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    there = apply(np.column_stack([spin, [shift, -shift]]), CANONICAL * 100)
    left, top, right, bottom = seat(there)
    before = seat(CANONICAL * 100)
    assert np.isclose(right - left, times * (before[2] - before[0]))
    assert np.isclose(right - left, bottom - top)
    assert np.allclose([(left + right) / 2, (top + bottom) / 2], there[17:].mean(axis=0))


def test_the_seat_is_about_as_large_as_dlib_s_boxes() -> None:
    """dlib's boxes are about .8 of the mean face's square wide, as measured."""
    left, _, right, _ = seat(CANONICAL)
    assert abs(right - left - 0.806) < 0.02
    assert dlib.rectangle(0, 0, 9, 9).width() == 10  # edges are the outermost pixels' centres
