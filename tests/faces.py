"""Faces drawn for tests: heads in frames, and rows of tables that are cut out of such frames."""

from typing import Any, NamedTuple

import cv2
import numpy as np

from drawn import scene
from faceloom.geometry.landmarks import CANONICAL, aligned
from faceloom.geometry.similarity import apply
from faceloom.images import encode_png, from_mask
from faceloom.pixels.masks import hull, parts
from faceloom.pixels.warps import cut
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.rows.facts import Measured

ANNA, EMI = (205, 150, 120), (120, 105, 160)  # colours of skin


class Shot(NamedTuple):
    """A picture, RGB uint8, and the landmarks (68, 2) of the face in it."""

    image: np.ndarray
    points: np.ndarray


def shot(
    number: int = 0,
    middle: tuple[float, float] = (80, 60),
    tall: float = 64,
    *,
    skin: tuple[int, int, int] = ANNA,
    size: tuple[int, int] = (160, 120),
    turn: float = 0.0,
    ground: np.ndarray | None = None,
) -> Shot:
    """A head with brows, eyes, nose and mouth on a ground of which no two numbers are alike.

    number: of the ground; tall: pixels from above the brows to the chin; turn: degrees.
    """
    angle = np.deg2rad(turn)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (CANONICAL - 0.5) * tall @ spin.T + middle
    image = (scene(number, size) if ground is None else ground).astype(np.float32)
    shade = 1 + 0.2 * np.sin(np.arange(size[0]) / 3 - middle[0] / 3)[None, :, None]
    image = painted(image, hull(points, size), shade * np.array(skin))
    for part, colour in (("brows", 0.4), ("eyes", 0.2), ("nose", 1.15), ("mouth", (0.9, 0.4, 0.4))):
        image = painted(image, parts(points, [part], size), np.array(skin) * colour)
    image = cv2.GaussianBlur(image, (0, 0), 0.6)
    return Shot(np.rint(image).clip(0, 255).astype(np.uint8), points)


def painted(image: np.ndarray, where: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """The image with that colour where the mask says so."""
    return image + where[..., None] * (colour - image)


def row(found: Shot, frame: int = 0, track: int = 0, *, size: int = 64, **changes: Any) -> Face:
    """The face of a shot, as crop cuts it out; any column may be said otherwise."""
    matrix = aligned(found.points, size, 0.8)
    said = {
        "clip": "walk",
        "person": "anna",
        "frame": frame,
        "track": track,
        "bridged": False,
        "width": found.image.shape[1],
        "height": found.image.shape[0],
        "landmarks": np.float32(found.points).ravel().tolist(),  # as a table holds them
        "matrix": matrix.ravel().tolist(),
        "mask": encode_png(from_mask(hull(apply(matrix, found.points), (size, size)))),
        "image": encode_png(cut(found.image, matrix, size)),
    }
    return Face(**said | changes)


def kept(*faces: Face) -> list[Choice]:
    """All of them chosen."""
    return [Choice(*face.key, True, "kept") for face in faces]


def fact(kind: str, face: Face, *values: float) -> Measured:
    """Something measured of a face."""
    return Measured(kind, face.clip, face.person, face.frame, face.track, list(values))


def identity(face: Face, axis: int, length: float = 1.0) -> Measured:
    """A descriptor; two of different axes are 1.4 apart."""
    return fact("identity", face, *(np.eye(128)[axis] * length))
