import cv2
import numpy as np
import pytest

from faceloom.pixels import pyramid

RNG = np.random.default_rng(9)


def pictures(height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    face, frame = (RNG.uniform(60, 190, (height, width, 3)).astype(np.float32) for _ in range(2))
    mask = np.zeros((height, width), np.float32)
    cv2.circle(mask, (width // 2, height // 2), min(height, width) // 4, 1, -1)
    return face, frame, mask


def two_pyramids(face: np.ndarray, frame: np.ndarray, mask: np.ndarray, levels: int) -> np.ndarray:
    """As written in the paper: both pictures' bands, mixed by the mask's pyramid."""
    stacks = [[picture.astype(np.float64)] for picture in (face, frame, mask)]
    for stack in stacks:
        for _ in range(levels):
            stack.append(cv2.pyrDown(stack[-1]))
    ones, others, weights = stacks
    result = None
    for level in range(levels, -1, -1):
        size = weights[level].shape[::-1]
        bands = [
            stack[level] - (cv2.pyrUp(stack[level + 1], dstsize=size) if level < levels else 0)
            for stack in (ones, others)
        ]
        weight = weights[level][..., None]
        mixed = bands[0] * weight + bands[1] * (1 - weight)
        result = mixed if result is None else cv2.pyrUp(result, dstsize=size) + mixed
    return np.clip(result, 0, 255)


@pytest.mark.parametrize("shape", [(64, 64), (61, 83), (37, 100)])
@pytest.mark.parametrize("levels", [0, 1, 4])
def test_equals_two_pyramids(shape: tuple[int, int], levels: int) -> None:
    face, frame, mask = pictures(*shape)
    blended = pyramid.blend(face, frame, mask, levels)
    assert blended.dtype == np.float32
    assert np.abs(blended - two_pyramids(face, frame, mask, levels)).max() < 1e-3


def test_full_and_empty_masks() -> None:
    face, frame, mask = pictures(50, 45)
    assert np.allclose(pyramid.blend(face, frame, mask * 0 + 1, 4), face, atol=1e-3)
    assert np.allclose(pyramid.blend(face, frame, mask * 0, 4), frame, atol=1e-3)


def test_more_levels_than_pixels() -> None:
    face, frame, mask = pictures(5, 9)
    assert pyramid.blend(face, frame, mask, 20).shape == (5, 9, 3)


def test_uint8_does_not_wrap() -> None:
    face, frame = np.full((32, 32, 3), 10, np.uint8), np.full((32, 32, 3), 250, np.uint8)
    half = np.zeros((32, 32), np.float32)
    half[:, :16] = 1
    blended = pyramid.blend(face, frame, half, 3)
    assert (np.diff(blended[16, :, 0]) > -1e-3).all()
    assert blended.min() >= 0
    assert blended.max() <= 255
