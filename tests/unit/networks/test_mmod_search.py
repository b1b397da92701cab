"""mmod_search: the boxes are dlib's own, one for one."""

from collections.abc import Callable
from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest

from faceloom.geometry.boxes import overlap
from faceloom.media import frame_at
from faceloom.networks.mmod_search import Faces, Search
from serialised import mmod

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/mmod_human_face_detector.dat"
needs_weights = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")


def shown(clip: str, frame: int, width: int = 256) -> np.ndarray:
    """A frame of an actor, as wide as that."""
    image = np.asarray(frame_at(ROOT / f"data/demo/{clip}.mp4", frame).image)
    return cv2.resize(image, (width, width), interpolation=cv2.INTER_AREA + (width > 256))


def several() -> np.ndarray:
    """Four faces of 80 to 160 pixels, on an odd number of pixels."""
    canvas = np.full((411, 645, 3), 90, np.uint8)
    places = [("boris", 0, 400, 0, 0), ("chen", 7, 230, 405, 0), ("boris_learn", 60, 210, 420, 190)]
    for clip, frame, width, left, top in (*places, ("chen_learn", 20, 180, 280, 231)):
        canvas[top : top + width, left : left + width] = shown(clip, frame, width)
    return canvas


PICTURES: dict[str, Callable[[], tuple[np.ndarray, int]]] = {
    "one": lambda: (shown("boris", 0), 0),
    "none": lambda: (shown("chen", 3)[:90, :131], 0),
    "noise": lambda: (np.random.default_rng(0).integers(0, 256, (97, 83, 3), np.uint8), 0),
    "large": lambda: (shown("chen", 30, 640)[190:495, 170:490], 0),
    "turned": lambda: (shown("boris_learn", 33)[40:, ::-1], 0),
    "several": lambda: (several(), 0),
    "small, doubled": lambda: (shown("chen_as_boris", 12, 121)[:, 5:], 1),
    "one, doubled": lambda: (shown("boris", 40, 157)[:111], 1),
    "tiny, doubled twice": lambda: (shown("chen", 40, 64)[:61], 2),
}


@pytest.fixture(scope="module")
def theirs() -> dlib.cnn_face_detection_model_v1:
    return dlib.cnn_face_detection_model_v1(str(WEIGHTS))


def found_by(model: dlib.cnn_face_detection_model_v1, image: np.ndarray, upsample: int) -> Faces:
    found = model(np.ascontiguousarray(image), upsample)
    boxes = [[f.rect.left(), f.rect.top(), f.rect.right(), f.rect.bottom()] for f in found]
    return Faces(np.array(boxes, float).reshape(-1, 4), np.array([f.confidence for f in found]))


@needs_weights
@pytest.mark.parametrize("name", PICTURES)
def test_boxes_and_scores_are_dlib_s(name: str, theirs: dlib.cnn_face_detection_model_v1) -> None:
    image, upsample = PICTURES[name]()
    expected = found_by(theirs, image, upsample)
    if name not in ("none", "noise"):
        assert len(expected.boxes) >= (3 if name == "several" else 1)
    (exact,) = Search(WEIGHTS, upsample=upsample)(image[None])
    np.testing.assert_array_equal(exact.boxes, expected.boxes)
    np.testing.assert_allclose(exact.scores, expected.scores, atol=1e-4, rtol=0)
    (low,) = Search(WEIGHTS, upsample=upsample, precision="bf16")(image[None])
    assert len(low.boxes) == len(expected.boxes)
    for box, score in zip(*expected, strict=True):
        near = max(range(len(low.boxes)), key=lambda each: overlap(low.boxes[each], box))
        assert overlap(low.boxes[near], box) > 0.6
        assert low.scores[near] == pytest.approx(score, abs=0.05)


@needs_weights
def test_several_pictures_at_once_are_as_each_alone() -> None:
    images = np.stack([shown("boris", 0), shown("chen", 3)[::-1], shown("chen", 40)])
    search = Search(WEIGHTS)
    together = search(images)
    assert [len(faces.boxes) for faces in together] == [1, 0, 1]
    for image, faces in zip(images, together, strict=True):
        (alone,) = search(image[None])
        np.testing.assert_array_equal(faces.boxes, alone.boxes)
        np.testing.assert_allclose(faces.scores, alone.scores, atol=1e-5)


@needs_weights
def test_colours_are_red_green_blue(theirs: dlib.cnn_face_detection_model_v1) -> None:
    image = shown("boris", 0)[:, :, ::-1]
    (faces,) = Search(WEIGHTS)(image[None])
    np.testing.assert_allclose(faces.scores, found_by(theirs, image, 0).scores, atol=1e-4)
    (right,) = Search(WEIGHTS)(image[None, :, :, ::-1])
    assert abs(right.scores[0] - faces.scores[0]) > 1e-3


@needs_weights
def test_levels_left_out_miss_only_what_is_small() -> None:
    image = several()
    (every,), (large,) = Search(WEIGHTS)(image[None]), Search(WEIGHTS)(image[None], finest=3)
    sizes = [box[2] - box[0] for box in every.boxes]
    assert min(sizes) < 90
    wide = [box for box, size in zip(every.boxes, sizes, strict=True) if size > 120]
    assert wide
    for box in wide:
        assert max(overlap(box, other) for other in large.boxes) > 0.6
    assert all(box[2] - box[0] > 120 for box in large.boxes)


@needs_weights
def test_a_threshold_leaves_the_surest() -> None:
    image = several()
    (every,) = Search(WEIGHTS)(image[None])
    middle = float(np.median(every.scores))
    (sure,) = Search(WEIGHTS, threshold=middle)(image[None])
    np.testing.assert_array_equal(sure.scores, every.scores[every.scores > middle])


@pytest.mark.parametrize("width, height", [(1, 1), (9, 9), (40, 3), (3, 400)])
def test_pictures_too_small_have_no_faces(width: int, height: int, tmp_path: Path) -> None:
    (tmp_path / "tiny.dat").write_bytes(mmod()[0])
    image = np.zeros((1, height, width, 3), np.uint8)
    for upsample in (0, 1):
        (faces,) = Search(tmp_path / "tiny.dat", upsample=upsample)(image)
        assert faces.boxes.shape[1:] == (4,)
