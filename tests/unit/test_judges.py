"""judges: each network sees the face as it was trained to, wherever and however large it is."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from faceloom import judges
from faceloom.geometry import similarity
from faceloom.geometry.landmarks import CANONICAL, LEFT_EYE, RIGHT_EYE
from faceloom.media import frame_at

ROOT = Path(__file__).parents[2]
FILES = {"sface": "sface.onnx", "facenet": "facenet_20180402.pb"}


def landmarks_of(name: str, frame: int) -> np.ndarray:
    """Where the renderer has them."""
    told = json.loads((ROOT / f"data/demo/{name}.json").read_text())["per_frame"]
    return np.array(told[frame]["lm68"]) - 0.5


def turned(degrees: float, times: float = 1.0) -> np.ndarray:
    angle = np.deg2rad(degrees)
    return times * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def test_sface_sees_faces_upright() -> None:
    points = CANONICAL * 300 @ turned(35).T + (50, 80)
    seen = similarity.apply(judges.upright(points), points)
    eyes = [seen[list(eye)].mean(axis=0) for eye in (RIGHT_EYE, LEFT_EYE)]
    assert abs(eyes[0][1] - eyes[1][1]) < 2 and eyes[0][0] < eyes[1][0]
    assert np.abs(np.array(eyes) - judges.FIVE[:2]).max() < 8


def test_facenet_sees_faces_as_they_are_in_the_frame() -> None:
    """Its boxes are not turned, and what is higher than wide is made square."""
    points = CANONICAL * 300 + (50, 80)
    matrix = judges.boxed(points)
    assert matrix[0, 1] == matrix[1, 0] == 0 and matrix[0, 0] > 1.1 * matrix[1, 1]
    seen = similarity.apply(matrix, points)
    assert (seen > 8).all() and (seen < 152).all()
    large = similarity.apply(judges.boxed(2 * points + 7), 2 * points + 7)
    np.testing.assert_allclose(large, seen, atol=1e-9)


@pytest.mark.parametrize("kind", list(FILES))
def test_people_are_told_apart_at_any_size(kind: str) -> None:
    weights = ROOT / "resources/weights" / FILES[kind]
    if not weights.exists():
        pytest.skip(f"{weights.name} is not there; fetch it with faceloom weights")
    describe = judges.Describer(kind, weights)
    shown = {}
    for name, frame in (("boris", 0), ("boris", 36), ("chen", 0)):
        image = np.asarray(frame_at(ROOT / f"data/demo/{name}.mp4", frame).image)
        shown[name, frame] = image, landmarks_of(name, frame)
    image, points = shown["boris", 0]
    wide = np.asarray(cv2.resize(image, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC))
    faces = [*shown.values(), (wide, (points + 0.5) * 1.5 - 0.5)]
    one, later, other, large = describe.all(faces)
    assert np.linalg.norm(one - large) < 0.25
    assert np.linalg.norm(one - large) < np.linalg.norm(one - later) < np.linalg.norm(one - other)
    np.testing.assert_allclose(describe(image, points), one, atol=1e-5)
