"""doubling: to the byte what dlib makes of a picture."""

import dlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.networks.doubling import doubled, halved, part_of_doubled


def drawn(width: int, height: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "width, height", [(640, 3), (57, 201), (2, 2), (333, 128), (4, 900), (11, 9)]
)
def test_the_bytes_are_dlib_s(width: int, height: int) -> None:
    image = drawn(width, height, width)
    theirs = dlib.resize_image(image, 2 * height + 1, 2 * width + 2)
    np.testing.assert_array_equal(doubled(image), theirs)


def test_one_colour_is_cut_off_like_dlib_s() -> None:
    image = np.full((40, 301, 3), (255, 201, 3), np.uint8)
    theirs = dlib.resize_image(image, 81, 604)
    np.testing.assert_array_equal(doubled(image), theirs)


@given(st.integers(2, 80), st.integers(2, 80), st.integers(0, 99), st.data())
def test_a_part_is_that_part_of_the_whole(
    width: int, height: int, seed: int, data: st.DataObject
) -> None:
    image = drawn(width, height, seed)
    left, right = sorted(data.draw(st.integers(0, 2 * width + 2)) for _ in range(2))
    top, bottom = sorted(data.draw(st.integers(0, 2 * height + 1)) for _ in range(2))
    part = part_of_doubled(image, (left, top, right, bottom))
    np.testing.assert_array_equal(part, doubled(image)[top:bottom, left:right])


def test_boxes_back() -> None:
    assert halved(np.array([[10.0, 20.0, 30.0, 40.0]])).tolist() == [[3.75, 9.25, 13.75, 19.25]]
