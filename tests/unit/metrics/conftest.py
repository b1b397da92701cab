"""A drawn face in small frames, for all metrics."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from faceloom.geometry.landmarks import CANONICAL
from faceloom.images import encode_png
from faceloom.metrics.moment import Moment, Shown
from faceloom.rows.faces import Face

WIDTH, HEIGHT, CROP = 96, 80, 64
SHIFT = np.array([[1.0, 0, -16], [0, 1.0, -8]])  # the crop begins at (16, 8) of the frame
ROWS, COLUMNS = slice(24, 56), slice(32, 64)  # where the mask is in the frame
POINTS = CANONICAL * 40 + (28, 20)


@pytest.fixture
def face() -> Callable[..., Face]:
    """Makes a face whose mask is a square of 32 pixels."""

    def made(matrix: np.ndarray = SHIFT, **changes: Any) -> Face:
        mask = np.zeros((CROP, CROP), np.uint8)
        mask[16:48, 16:48] = 255
        said: dict[str, Any] = {
            "clip": "c",
            "person": "anna",
            "frame": 1,
            "track": 0,
            "bridged": False,
            "width": WIDTH,
            "height": HEIGHT,
            "landmarks": POINTS.ravel().tolist(),
            "matrix": matrix.ravel().tolist(),
            "mask": encode_png(mask),
            "image": b"",
        }
        return Face(**said | changes)

    return made


@pytest.fixture
def frame() -> Callable[[int], np.ndarray]:
    """Makes a frame of noise from a seed."""

    def made(seed: int) -> np.ndarray:
        draw = np.random.default_rng(seed)
        return draw.integers(40, 200, (HEIGHT, WIDTH, 3), dtype=np.uint8)

    return made


@pytest.fixture
def moment(face: Callable[..., Face]) -> Callable[..., Moment]:
    """Makes a moment of one frame, or of the three given as `film`."""

    def unasked(*_: Any) -> np.ndarray:
        raise AssertionError("no landmarks are needed here")

    def made(film: np.ndarray, **changes: Any) -> Moment:
        given = {name: changes.pop(name) for name in ("truth", "mark") if name in changes}
        host = changes.pop("host_frame", film)
        shown = Shown(changes.pop("face", face()), film, host, **given)
        return Moment(
            **{"now": shown, "before": None, "after": None, "landmarker": unasked} | changes
        )

    return made
