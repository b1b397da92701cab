"""hog: dlib's boxes in our coordinates, found where the faces are."""

from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest

from faceloom.detectors import hog
from faceloom.media import pictures

DEMO = Path(__file__).parents[3] / "data/demo"


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    return next(pictures(DEMO / "boris.mp4")).image


def test_an_edge_is_the_centre_of_the_outermost_pixels() -> None:
    assert hog.edges(dlib.rectangle(3, 5, 20, 30)).tolist() == [3, 5, 20, 30]


def test_the_same_as_dlib_itself(face: np.ndarray) -> None:
    (found,) = hog.make(upsample=0, threshold=0.0)(face)
    (theirs,) = dlib.get_frontal_face_detector()(face, 0)
    assert found.box.tolist() == [theirs.left(), theirs.top(), theirs.right(), theirs.bottom()]
    assert found.score > 0


def test_doubling_finds_smaller_faces(face: np.ndarray) -> None:
    small = cv2.resize(face, (96, 96), interpolation=cv2.INTER_AREA)
    assert not hog.make(upsample=0, threshold=0.0)(small)
    (found,) = hog.make(upsample=1, threshold=0.0)(small)
    (large,) = hog.make(upsample=0, threshold=0.0)(face)
    assert np.abs(found.box - large.box * 96 / 256).max() < 6


def test_a_higher_threshold_finds_less_a_lower_one_more(face: np.ndarray) -> None:
    (found,) = hog.make(upsample=0, threshold=0.0)(face)
    assert not hog.make(upsample=0, threshold=found.score + 0.1)(face)
    many = hog.make(upsample=0, threshold=-2.0)(face)
    assert len(many) > 1
    assert [each.score for each in many] == sorted((each.score for each in many), reverse=True)


def test_a_picture_that_is_no_block_of_memory_will_do(face: np.ndarray) -> None:
    wide = np.dstack([face, face])[..., :3]
    assert not wide.flags.c_contiguous
    assert len(hog.make(upsample=0, threshold=0.0)(wide)) == 1
