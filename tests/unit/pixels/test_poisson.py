import cv2
import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import spsolve

from faceloom.pixels import poisson

RNG = np.random.default_rng(11)


def picture(height: int, width: int) -> np.ndarray:
    noise = RNG.uniform(0, 255, (height, width, 3)).astype(np.float32)
    return cv2.GaussianBlur(noise, (0, 0), 2) * 1.0


def solved(face: np.ndarray, frame: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Perez et al. eq. 7, one row a pixel, by a direct sparse solver."""
    numbers = np.full(inside.shape, -1)
    places = np.argwhere(inside)
    numbers[inside] = np.arange(len(places))
    system = sparse.lil_matrix((len(places), len(places)))
    wanted = np.zeros((len(places), 3))
    for here, (y, x) in enumerate(places):
        system[here, here] = 4
        for there in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            wanted[here] += face[y, x] - face[there]
            if inside[there]:
                system[here, numbers[there]] = -1
            else:
                wanted[here] += frame[there]
    result = frame.astype(np.float64).copy()
    result[inside] = spsolve(system.tocsc(), wanted)
    return np.clip(result, 0, 255)


def ellipse() -> np.ndarray:
    mask = np.zeros((60, 71), np.float32)
    cv2.ellipse(mask, (33, 30), (22, 17), 20, 0, 360, 1, -1)
    return mask


def two_with_a_hole() -> np.ndarray:
    mask = np.zeros((60, 71), np.float32)
    mask[5:30, 5:30] = 1
    mask[12:20, 15:20] = 0
    mask[40:55, 45:68] = 1
    return mask


def at_the_border() -> np.ndarray:
    mask = np.zeros((60, 71), np.float32)
    mask[:25, 40:] = 1
    return mask


@pytest.mark.parametrize("shape", [ellipse, two_with_a_hole, at_the_border])
def test_equals_a_direct_solution(shape: object) -> None:
    assert callable(shape)
    mask = shape()
    face, frame = picture(60, 71), picture(60, 71) * 0.5 + 60
    inside = mask > 0.5
    inside[[0, -1]] = inside[:, [0, -1]] = False
    blended = poisson.blend(face, frame, mask)
    assert blended.dtype == np.float32
    assert np.abs(blended - solved(face, frame, inside)).max() < 0.1
    assert np.array_equal(blended[~inside], frame[~inside])


def test_a_face_of_another_brightness_takes_the_frame_s() -> None:
    frame = picture(60, 71) * 0.5 + 30
    assert np.allclose(poisson.blend(frame + 40, frame, ellipse()), frame, atol=0.01)


def test_the_threshold_is_one_half() -> None:
    face, frame = picture(60, 71), picture(60, 71)
    hard = ellipse()
    soft = np.where(hard > 0, 0.6, 0.4).astype(np.float32)
    assert np.array_equal(poisson.blend(face, frame, soft), poisson.blend(face, frame, hard))


@pytest.mark.parametrize("value", [0.0, 0.5])
def test_an_empty_mask_gives_the_frame(value: float) -> None:
    face, frame = picture(60, 71), picture(60, 71)
    mask = np.full((60, 71), value, np.float32)
    assert np.array_equal(poisson.blend(face, frame, mask), frame)


def test_neither_picture_is_changed() -> None:
    face, frame = picture(60, 71).astype(np.uint8), picture(60, 71).astype(np.uint8)
    before = face.copy(), frame.copy()
    poisson.blend(face, frame, np.ones((60, 71), np.float32))
    assert np.array_equal(face, before[0])
    assert np.array_equal(frame, before[1])
