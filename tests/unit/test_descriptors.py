"""descriptors: the chip is dlib's own, of landmarks that are not rounded."""

from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.descriptors import Describer, chip, chip_matrix
from faceloom.geometry.landmarks import CANONICAL
from faceloom.geometry.similarity import apply, inverse, scale
from faceloom.networks.dlib_resnet import SIZE
from faceloom.pixels.warps import cut

WEIGHTS = Path(__file__).parents[2] / "resources/weights/dlib_face_recognition_resnet_model_v1.dat"


def shape(times: float, turn: float, seed: int) -> np.ndarray:
    """A face's landmarks in whole pixels."""
    spin = times * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shaken = CANONICAL + np.random.default_rng(seed).normal(0, 0.02, (68, 2))
    return np.rint(apply(np.column_stack([spin, [300, 200]]), shaken))


def told(points: np.ndarray) -> dlib.full_object_detection:
    return dlib.full_object_detection(
        dlib.rectangle(0, 0, 9, 9), [dlib.point(int(x), int(y)) for x, y in points]
    )


@given(st.floats(60, 900), st.floats(-3, 3), st.integers(0, 99))
def test_the_chip_lies_where_dlib_s_lies(times: float, turn: float, seed: int) -> None:
    points = shape(times, turn, seed)
    details = dlib.get_face_chip_details(told(points), SIZE, 0.25)
    back = inverse(chip_matrix(points))
    middle = apply(back, np.array([[(SIZE - 1) / 2, (SIZE - 1) / 2]]))[0]
    rect = details.rect
    assert middle == pytest.approx(
        [(rect.left() + rect.right()) / 2, (rect.top() + rect.bottom()) / 2], abs=1e-2
    )
    assert scale(back) * SIZE == pytest.approx(rect.width(), rel=1e-4)
    angle = np.arctan2(back[1, 0], back[0, 0])
    assert np.exp(1j * angle) == pytest.approx(np.exp(1j * details.angle), abs=1e-4)


def test_the_chip_s_pixels_are_dlib_s() -> None:
    draw = np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    image = cv2.GaussianBlur(cv2.resize(draw, (800, 600)), (0, 0), 5)
    points = shape(210, 0.3, 4)
    theirs = dlib.get_face_chip(image, told(points), SIZE, 0.25).astype(float)
    ours = cut(image, chip_matrix(points), SIZE).astype(float)
    inner = slice(3, -3)
    assert np.abs(theirs - ours)[inner, inner].mean() < 0.7  # dlib does not round, it cuts off
    assert np.abs(theirs - ours)[inner, inner].max() <= 5


def test_landmarks_are_not_rounded() -> None:
    points = shape(100, 0, 2)
    moved = apply(chip_matrix(points + 0.25), points + 0.25)
    assert np.allclose(moved, apply(chip_matrix(points), points))


@pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")
def test_the_descriptor_of_a_chip_is_dlib_s() -> None:
    draw = np.random.default_rng(1).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    image = cv2.GaussianBlur(cv2.resize(draw, (800, 600)), (0, 0), 9)
    points = shape(210, 0.3, 4)
    network = dlib.face_recognition_model_v1(str(WEIGHTS))
    ours = Describer(WEIGHTS)(image, points)
    assert ours.shape == (128,)
    on_our_chip = np.array(network.compute_face_descriptor(chip(image, points)))
    assert np.abs(ours - on_our_chip).max() < 1e-5
    theirs = np.array(network.compute_face_descriptor(image, told(points)))
    assert np.linalg.norm(ours - theirs) < 0.05


@pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")
def test_many_at_a_time_are_as_one_by_one() -> None:
    random = np.random.default_rng(2)
    faces = [
        (random.integers(0, 256, (90, 120, 3), dtype=np.uint8), shape(60, turn / 9, turn))
        for turn in range(18)
    ]
    describe = Describer(WEIGHTS)
    together = np.array(list(describe.all(iter(faces))))
    alone = np.array([describe(*face) for face in faces])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert list(describe.all([])) == []
