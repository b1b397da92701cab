"""realesrgan: what a small picture lost is made up again, sharper than by stretching it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from faceloom.media import frame_at
from faceloom.pixels.sharpness import sobel
from faceloom.refiners import realesrgan
from faceloom.refiners.touched import Touched

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/RealESR_Gx4.pth"
pytestmark = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")


def refined(faces: list[Touched], seen: float = 0.25, amount: float = 1.0) -> list[Touched]:
    refiner = realesrgan.make(
        network="compact", seen=seen, amount=amount, batch=2, threads=1, weights=(WEIGHTS,)
    )
    return list(refiner(iter(faces)))


@pytest.fixture(scope="module")
def face() -> Touched:
    """An actor's face as a model of a quarter of the size would have it."""
    host = np.asarray(frame_at(ROOT / "data/demo/boris.mp4", 0).image)[70:198, 52:180].copy()
    small = cv2.resize(host, (32, 32), interpolation=cv2.INTER_AREA)
    blurred = cv2.resize(small, (128, 128), interpolation=cv2.INTER_CUBIC)
    return Touched(1, 0, blurred, host, np.ones((128, 128), np.float32), np.zeros((68, 2)))


def test_a_face_becomes_sharper_and_stays_what_it_is(face: Touched) -> None:
    all_of_it = np.ones((128, 128), np.float32)
    made = refined([face] * 3)
    assert [each.frame for each in made] == [0, 0, 0]
    assert sobel(made[0].image, all_of_it) > 1.15 * sobel(face.image, all_of_it)
    assert np.abs(made[0].image.astype(int) - face.host).mean() < 10
    assert np.array_equal(made[0].image, made[2].image)  # alone in its batch


def test_none_of_it_leaves_the_face(face: Touched) -> None:
    (made,) = refined([face], amount=0.0)
    assert np.array_equal(made.image, face.image)


def test_other_shares_give_the_same_size(face: Touched) -> None:
    (made,) = refined([face], seen=0.4)
    assert made.image.shape == face.image.shape
