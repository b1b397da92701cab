"""Landmarks as lines: where they are drawn, and where nothing is."""

import numpy as np
import pytest

from faceloom.geometry.landmarks import CANONICAL
from faceloom.pixels.lines import drawn


@pytest.mark.parametrize("size", [64, 128, 256])
def test_every_landmark_is_on_a_line_and_skin_is_not(size: int) -> None:
    points = CANONICAL * 0.8 * size + 0.1 * size
    lines = drawn(points, size)
    assert lines.shape == (size, size) and lines.dtype == np.uint8
    for x, y in points:
        assert lines[round(y), round(x)] > 60, (x, y)
    cheek = (points[2] + points[31]) / 2
    assert lines[round(cheek[1]), round(cheek[0])] == 0
    assert 0.03 < (lines / 255).mean() < 0.15


def test_eyes_and_lips_are_closed_and_the_jaw_is_not() -> None:
    points = CANONICAL * 200 + 28
    lines = drawn(points, 256)
    for first, last, along in ((36, 41, 0.5), (48, 59, 0.5), (60, 67, 0.5), (0, 16, 0.08)):
        x, y = (1 - along) * points[first] + along * points[last]
        assert bool(lines[round(y), round(x)] > 60) is (first != 0), (first, last)


def test_half_a_pixel_shows() -> None:
    points = CANONICAL * 50 + 7
    centres = []
    for shift in (0.0, 0.5):
        lines = drawn(points + (shift, 0), 64).astype(float)
        centres.append((lines * np.arange(64)).sum() / lines.sum())
    assert centres[1] - centres[0] == pytest.approx(0.5, abs=0.08)
