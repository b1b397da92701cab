"""blazeface: boxes lie where the faces are, in pictures of any shape, and in our coordinates."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from faceloom.detectors import blazeface
from faceloom.detectors.found import Found
from faceloom.geometry.boxes import enclosing, grown, overlap
from faceloom.media import frame_at

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/face_landmarker.task"
pytestmark = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")

Detector = Callable[[np.ndarray], list[Found]]


@pytest.fixture(scope="module")
def detect() -> Detector:
    return blazeface.make(threshold=0.5, weights=(WEIGHTS,))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return np.asarray(frame_at(ROOT / "data/demo/boris.mp4", 12).image)


def test_the_face_is_in_its_box(detect: Detector, image: np.ndarray) -> None:
    (face,) = detect(image)
    shown = json.loads((ROOT / "data/demo/boris.json").read_text())["per_frame"][12]["lm68"]
    inner = np.array(shown)[17:] - 0.5
    left, top, right, bottom = face.box
    assert face.score > 0.9 and abs((right - left) - (bottom - top)) < 2
    assert overlap(face.box, grown(enclosing(inner), 1.4)) > 0.6
    assert (inner > (left, top)).all() and (inner < (right, bottom)).all()


@pytest.mark.parametrize(("left", "top"), [(0, 200), (300, 0), (111, 37)])
def test_the_box_goes_with_the_face(
    detect: Detector, image: np.ndarray, left: int, top: int
) -> None:
    """On a larger ground, wide or tall, the box is where the face was put."""
    ground = np.full((256 + top + 40, 256 + left + 20, 3), 90, np.uint8)
    ground[top : top + 256, left : left + 256] = image
    (moved,), (still,) = detect(ground), detect(image)
    assert overlap(moved.box - np.array([left, top] * 2), still.box) > 0.75


def test_enlarged_the_box_is_enlarged_about_pixel_centres(
    detect: Detector, image: np.ndarray
) -> None:
    """Four pixels instead of each: what was at 10 is at 40 + 1.5."""
    (large,), (small,) = detect(image.repeat(4, 0).repeat(4, 1)), detect(image)
    np.testing.assert_allclose(large.box, 4 * small.box + 1.5, atol=1.5)


def test_two_faces_are_two_and_none_is_none(detect: Detector, image: np.ndarray) -> None:
    both = detect(np.hstack([image, image[:, ::-1]]))
    assert sorted(face.box[0] > 255 for face in both) == [False, True]
    assert detect(np.full((90, 120, 3), 90, np.uint8)) == []


def test_a_higher_threshold_finds_less(image: np.ndarray) -> None:
    blurred = cv2.GaussianBlur(image, (0, 0), 9)
    found = blazeface.make(threshold=0.02, weights=(WEIGHTS,))(blurred)
    surest = max(face.score for face in found)
    assert not blazeface.make(threshold=min(surest + 0.01, 1.0), weights=(WEIGHTS,))(blurred)
