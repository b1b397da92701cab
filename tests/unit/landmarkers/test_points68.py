"""points68: boxes and points are floats, and the face is seen as it is in the whole frame."""

from collections.abc import Callable
from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.geometry.similarity import apply
from faceloom.landmarkers import points68
from faceloom.media import frame_at

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/shape_predictor_68_face_landmarks.dat"
CLIP = ROOT / "data/demo/boris.mp4"
needs_weights = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")

Landmarker = Callable[[np.ndarray, np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def four() -> Landmarker:
    return points68.make(finer=4, weights=(WEIGHTS,))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return np.asarray(frame_at(CLIP, 0).image)


@pytest.fixture(scope="module")
def box(image: np.ndarray) -> np.ndarray:
    found = dlib.get_frontal_face_detector()(image, 1)[0]
    return np.array([found.left(), found.top(), found.right(), found.bottom()], float)


@given(st.floats(-50, 500), st.floats(-50, 500), st.floats(3, 900), st.floats(3, 900))
def test_the_box_has_whole_sides_on_the_canvas(x: float, y: float, w: float, h: float) -> None:
    box = np.array([x, y, x + w, y + h])
    matrix, place = points68.enlargement(box, finer=4)
    assert np.allclose(apply(matrix, box.reshape(2, 2)).ravel(), place)
    assert matrix[0, 1] == matrix[1, 0] == 0
    times = min(4, max(1, points68.LARGEST / max(w, h)))
    assert np.allclose([matrix[0, 0], matrix[1, 1]], times, rtol=0.2)


def test_the_canvas_is_the_image_in_dlib_s_grey_and_black_beyond() -> None:
    image = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    box = np.array([30.0, 20, 49, 39])
    matrix, place = points68.enlargement(box, finer=1)
    left, top = (int(n) for n in np.rint(-matrix[:, 2]))
    size = (place[0] + place[2], place[1] + place[3])
    canvas = points68.enlarged(image, matrix, size)
    expected = np.zeros((size[1], size[0]), int)
    seen = image[top:, left:].astype(int).sum(axis=2) // 3
    expected[: len(seen), : seen.shape[1]] = seen
    assert np.array_equal(canvas, expected)


def test_a_box_outside_of_the_image_sees_black() -> None:
    matrix, place = points68.enlargement(np.array([900.0, 900, 950, 950]), finer=2)
    assert not points68.enlarged(np.full((40, 50, 3), 9, np.uint8), matrix, (30, 20)).any()


@needs_weights
def test_without_enlargement_the_points_are_dlib_s(image: np.ndarray, box: np.ndarray) -> None:
    theirs = dlib.shape_predictor(str(WEIGHTS))(image, dlib.rectangle(*box.astype(int)))
    ours = points68.make(finer=1, weights=(WEIGHTS,))(image, box[None])
    assert np.allclose(ours[0], [(point.x, point.y) for point in theirs.parts()], atol=1e-9)


@needs_weights
def test_enlarged_they_are_near_and_finer(
    image: np.ndarray, box: np.ndarray, four: Landmarker
) -> None:
    coarse = points68.make(finer=1, weights=(WEIGHTS,))(image, box[None])[0]
    fine = four(image, box[None])[0]
    assert np.linalg.norm(fine - coarse, axis=1).mean() < 1
    assert len(np.unique(fine % 1)) == 4  # quarters of a pixel


@needs_weights
def test_what_is_far_from_the_face_does_not_matter(
    image: np.ndarray, box: np.ndarray, four: Landmarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = four(image, box[None])
    monkeypatch.setattr(points68, "AROUND", 1.5)
    assert np.array_equal(four(image, box[None]), near)


@needs_weights
@pytest.mark.parametrize(("right", "down"), [(0.5, 0), (0.25, 0.5)])
def test_points_go_with_the_picture(
    image: np.ndarray, box: np.ndarray, four: Landmarker, right: float, down: float
) -> None:
    """The box is moved too: else the predictor, which has its own mind, adds some noise."""
    shift = np.array([[1, 0, right], [0, 1, down]])
    moved = cv2.warpAffine(image, shift, image.shape[1::-1], flags=cv2.INTER_CUBIC)
    boxes = box + (right, down, right, down)
    apart = four(np.asarray(moved), boxes[None])[0] - four(image, box[None])[0]
    assert np.allclose(apart.mean(axis=0), (right, down), atol=0.12)


@needs_weights
def test_a_fraction_of_a_pixel_of_the_picture_alone_moves_the_points(
    image: np.ndarray, box: np.ndarray, four: Landmarker
) -> None:
    moved = cv2.warpAffine(
        image, np.array([[1, 0, 0.5], [0, 1.0, 0]]), image.shape[1::-1], flags=cv2.INTER_CUBIC
    )
    apart = four(np.asarray(moved), box[None])[0] - four(image, box[None])[0]
    assert np.allclose(apart.mean(axis=0), (0.5, 0), atol=0.25)


@needs_weights
def test_many_faces_and_none(image: np.ndarray, box: np.ndarray, four: Landmarker) -> None:
    both = four(image, np.stack([box, box + 3]))
    assert both.shape == (2, 68, 2) and np.array_equal(both[0], four(image, box[None])[0])
    assert four(image, np.empty((0, 4))).shape == (0, 68, 2)
