import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceloom.geometry import similarity
from faceloom.pixels import warps

FRAME = (180, 140)


def smooth(dtype: type, channels: bool = True) -> np.ndarray:
    noise = np.random.default_rng(1).uniform(0, 255, (140, 180, 3)).astype(np.float32)
    image = cv2.GaussianBlur(noise, (0, 0), 4)
    image = (image - image.min()) * (230 / np.ptp(image))
    return (image if channels else image[..., 0] / 255).astype(dtype)


def matrix(angle: float, times: float, x: float, y: float, size: int) -> np.ndarray:
    """A crop of that size about the frame's point (x, y)."""
    c, s = times * np.cos(angle), times * np.sin(angle)
    linear = np.array([[c, -s], [s, c]])
    return np.column_stack([linear, (size - 1) / 2 - linear @ [x, y]])


def inside(there: np.ndarray, size: int, edge: float) -> np.ndarray:
    """Pixels of the frame that lie in the crop, so far from its edge."""
    y, x = np.mgrid[:140, :180].astype(float)
    place = similarity.apply(there, np.stack([x, y], axis=-1))
    return (place > edge).all(axis=-1) & (place < size - 1 - edge).all(axis=-1)


@settings(max_examples=25, deadline=None)
@given(st.floats(-3, 3), st.floats(0.9, 2.5), st.floats(40, 140), st.floats(40, 100))
def test_cut_and_laid_back_is_the_same(angle: float, times: float, x: float, y: float) -> None:
    there = matrix(angle, times, x, y, 96)
    image = smooth(np.float32)
    back = warps.laid(warps.cut(image, there, 96), there, FRAME)
    assert back.shape == image.shape
    assert np.abs(back - image)[inside(there, 96, 4)].max() < 4


@pytest.mark.parametrize("channels", [True, False])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_types_and_shapes_stay(dtype: type, channels: bool) -> None:
    image = smooth(dtype, channels)
    crop = warps.cut(image, matrix(0.3, 1, 90, 70, 64), 64)
    assert crop.shape == (64, 64, *image.shape[2:])
    assert crop.dtype == image.dtype


def test_whole_shifts_are_exact() -> None:
    image = smooth(np.uint8)
    crop = warps.cut(image, np.array([[1.0, 0, -20], [0, 1, -30]]), 50)
    assert np.array_equal(crop, image[30:80, 20:70])
    back = warps.laid(crop, np.array([[1.0, 0, -20], [0, 1, -30]]), FRAME)
    assert np.array_equal(back[30:80, 20:70], crop)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_shrinking_averages_areas(times: int) -> None:
    """By whole numbers: each pixel is the mean of its square, so fine stripes vanish."""
    image = np.random.default_rng(0).uniform(0, 255, (120, 120, 3)).astype(np.float32)
    shift = (1 / times - 1) / 2
    there = np.array([[1 / times, 0, shift], [0, 1 / times, shift]])
    size = 120 // times
    squares = image.reshape(size, times, size, times, 3).mean(axis=(1, 3))
    assert np.allclose(warps.cut(image, there, size), squares, atol=0.01)
    laid = warps.laid(image, similarity.inverse(there), (size, size))
    assert np.allclose(laid, squares, atol=0.01)


def test_shrinking_by_any_number_keeps_places() -> None:
    """A ramp stays the same ramp, at sizes that do not divide the frame's."""
    y, x = np.mgrid[:140, :180]
    ramp = np.stack([x, y, x * 0], axis=-1).astype(np.float32)
    there = matrix(0.4, 0.23, 90, 70, 20)
    rows, columns = np.mgrid[:20, :20].astype(float)
    origin = similarity.apply(similarity.inverse(there), np.stack([columns, rows], axis=-1))
    crop = warps.cut(ramp, there, 20)
    assert np.abs(crop[..., :2] - origin)[4:-4, 4:-4].max() < 0.3


def test_what_is_outside_the_frame_repeats_its_border() -> None:
    image = np.full((140, 180, 3), 77, np.uint8)
    assert (warps.cut(image, matrix(0.5, 1, -300, 20, 32), 32) == 77).all()
    assert (warps.cut(image, matrix(0.5, 0.2, 0, 0, 32), 32) == 77).all()


def test_a_laid_mask_is_empty_around_the_crop() -> None:
    there = matrix(0.3, 0.8, 60, 60, 50)
    laid = warps.laid(np.ones((50, 50), np.float32), there, FRAME)
    assert (laid[inside(there, 50, 0)] > 0.99).all()
    assert not laid[~inside(there, 50, -1.2)].any()


@pytest.mark.parametrize("angle", [0, 0.7, -2])
def test_the_region_holds_the_crop_and_no_more(angle: float) -> None:
    there = matrix(angle, 0.8, 60, 60, 50)
    left, top, right, bottom = warps.region(there, 50, FRAME)
    pixels = np.argwhere(inside(there, 50, -0.5))
    assert pixels.min(axis=0).tolist() >= [top, left]
    assert pixels.max(axis=0).tolist() <= [bottom - 1, right - 1]
    assert pixels[:, 1].min() - left <= 1
    assert right - 1 - pixels[:, 1].max() <= 1
    assert pixels[:, 0].min() - top <= 1
    assert bottom - 1 - pixels[:, 0].max() <= 1


def test_region_of_whole_pixels() -> None:
    assert warps.region(np.array([[1.0, 0, -20], [0, 1, -30]]), 50, FRAME) == (20, 30, 70, 80)


def test_a_crop_outside_has_an_empty_region() -> None:
    there = matrix(0, 1, 500, 60, 50)
    left, top, right, bottom = warps.region(there, 50, FRAME)
    assert left == right
    empty = warps.laid_region(np.ones((50, 50, 3), np.uint8), there, (left, top, right, bottom))
    assert empty.shape == (bottom - top, 0, 3)


@pytest.mark.parametrize("times", [0.7, 3.3])
def test_a_laid_region_is_that_part_of_the_laid_crop(times: float) -> None:
    there = matrix(0.4, times, 70, 60, 60)
    crop = warps.cut(smooth(np.float32), there, 60)
    left, top, right, bottom = part = warps.region(there, 60, FRAME)
    whole = warps.laid(crop, there, FRAME)[top:bottom, left:right]
    assert np.allclose(warps.laid_region(crop, there, part), whole, atol=0.05)


def test_cubic_does_not_overshoot() -> None:
    image = np.zeros((40, 40, 3), np.float32)
    image[:, 20:] = 255
    crop = warps.cut(image, matrix(0.2, 2.3, 20, 20, 64), 64)
    assert crop.min() >= 0
    assert crop.max() <= 255
