"""mesh: 68 landmarks where a rendered face has them, finer than pixels, wherever the box lies."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from faceloom.geometry.landmarks import INNER, outer_eye_distance
from faceloom.landmarkers import mesh
from faceloom.media import frame_at

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/face_landmarker.task"
pytestmark = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")

BOX = np.array([62.0, 105, 172, 206])  # of frame 12
Landmarker = Callable[[np.ndarray, np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def find() -> Landmarker:
    return mesh.make(passes=2, weights=(WEIGHTS,))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return np.asarray(frame_at(ROOT / "data/demo/boris.mp4", 12).image)


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    shown = json.loads((ROOT / "data/demo/boris.json").read_text())["per_frame"][12]["lm68"]
    return np.array(shown) - 0.5  # the label counts from the corner of the first pixel


def apart(found: np.ndarray, truth: np.ndarray) -> float:
    """Mean distance of the inner points, in outer eye distances."""
    inner = list(INNER)
    distances = np.linalg.norm(found[inner] - truth[inner], axis=1)
    return float(distances.mean() / outer_eye_distance(truth))


def test_points_are_where_the_renderer_put_them(
    find: Landmarker, image: np.ndarray, truth: np.ndarray
) -> None:
    (found,) = find(image, BOX[None])
    assert apart(found, truth) < 0.035
    shift = (found - truth)[list(INNER)].mean(axis=0)
    assert np.abs(shift).max() < 0.9


@pytest.mark.parametrize("angle", [-35, 20])
def test_a_face_may_be_tilted(
    find: Landmarker, image: np.ndarray, truth: np.ndarray, angle: float
) -> None:
    turn = cv2.getRotationMatrix2D((117.0, 150.0), angle, 1)
    turned = np.asarray(cv2.warpAffine(image, turn, (256, 256), borderMode=cv2.BORDER_REPLICATE))
    (found,) = find(turned, BOX[None])
    assert apart(found, truth @ turn[:, :2].T + turn[:, 2]) < 0.04


def test_half_a_pixel_of_the_picture_moves_the_points_by_half_a_pixel(
    find: Landmarker, image: np.ndarray
) -> None:
    shift = np.array([[1, 0, 0.5], [0, 1, 0.25]])
    moved = np.asarray(cv2.warpAffine(image, shift, (256, 256), flags=cv2.INTER_CUBIC))
    move = find(moved, BOX[None])[0] - find(image, BOX[None])[0]
    np.testing.assert_allclose(move.mean(axis=0), (0.5, 0.25), atol=0.15)


def test_the_second_look_forgets_the_box(find: Landmarker, image: np.ndarray) -> None:
    near = find(image, BOX[None])[0]
    far = find(image, (BOX + (6, -5, 6, -5))[None])[0]
    assert np.abs(near - far).mean() < 0.4
    once = mesh.make(passes=1, weights=(WEIGHTS,))
    assert np.abs(once(image, BOX[None])[0] - near).mean() > 0.05


def test_many_faces_at_once_and_none(find: Landmarker, image: np.ndarray) -> None:
    both = find(image, np.stack([BOX, BOX + 3]))
    assert both.shape == (2, 68, 2)
    np.testing.assert_allclose(both[0], find(image, BOX[None])[0], atol=1e-3)
    assert find(image, np.empty((0, 4))).shape == (0, 68, 2)
