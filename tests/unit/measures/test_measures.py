"""measures: numbers of a face, from its crop and its landmarks."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from faceloom.geometry.pose import HEAD, turned
from faceloom.geometry.similarity import apply
from faceloom.images import encode_png
from faceloom.measures import identity, pose, quality
from faceloom.rows.faces import Face

MATRIX = np.array([[0.5, 0.1, -20], [-0.1, 0.5, -10]])


def face(**changes: Any) -> Face:
    said = {
        "clip": "c",
        "person": "anna",
        "frame": 0,
        "track": 0,
        "bridged": False,
        "width": 640,
        "height": 480,
        "landmarks": np.arange(136.0).tolist(),
        "matrix": MATRIX.ravel().tolist(),
        "mask": encode_png(np.full((32, 32), 255, np.uint8)),
        "image": encode_png(np.full((32, 32, 3), 100, np.uint8)),
    }
    return Face(**said | changes)


def head(yaw: float, pitch: float, roll: float) -> list[float]:
    """Landmarks of a turned head, as a camera of 53 degrees sees it."""
    there = HEAD @ turned(yaw, pitch, roll).T
    seen = 640 * there[:, :2] / (16 + there[:, 2:])
    return list((seen + (319.5, 239.5)).ravel())


@pytest.mark.parametrize("truth", [(0, 0, 0), (20, -5, 8), (-30, 10, 0)])
def test_pose_is_three_angles_in_degrees(truth: tuple[float, float, float]) -> None:
    found = list(pose.make()([face(landmarks=head(*truth))]))
    assert len(found) == 1 and found[0] == pytest.approx(truth, abs=0.1)


def test_quality_is_sharpness_light_and_clipping_inside_the_mask() -> None:
    image = np.full((32, 32, 3), 3, np.uint8)  # outside: black
    image[:, 8:24] = (100 + 4 * np.arange(16))[None, :, None]
    image[:4, 8:24] = 255
    mask = np.zeros((32, 32), np.uint8)
    mask[:, 10:22] = 255
    shown = face(image=encode_png(image), mask=encode_png(mask))
    (sharpness, light, clipped), plain = quality.make()([shown, face()])
    assert light == pytest.approx((image[:, 10:22, 0].mean()), rel=1e-5)
    assert clipped == pytest.approx(4 / 32)
    assert sharpness > 4
    assert plain == pytest.approx([0, 100, 0], abs=1e-4)


def test_identity_describes_the_crop_by_landmarks_taken_into_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    class Fixed:
        def __init__(self, weights: Path) -> None:
            assert weights == Path("w")

        def all(self, faces: Iterable[tuple[np.ndarray, np.ndarray]]) -> Iterator[np.ndarray]:
            for face in faces:
                seen.append(face)
                yield np.arange(128) / 10

    monkeypatch.setattr(identity, "Describer", Fixed)
    found = list(identity.make(weights=(Path("w"),))([face(), face()]))
    assert found == [(np.arange(128) / 10).tolist()] * 2
    image, points = seen[0]
    assert image.shape == (32, 32, 3) and (image == 100).all()
    assert np.allclose(points, apply(MATRIX, np.arange(136.0).reshape(68, 2)))
