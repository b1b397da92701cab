"""Whether somebody who was drawn can be shown: what is wrong with a portrait, in words."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.actors.labels import EYES, HAIR, MOUTH, SKIN
from faceloom.actors.motion import Moment
from faceloom.detectors import hog
from faceloom.settings.actors import Actors

PORTRAIT = Actors(
    frames=1,
    size=160,
    samples=2,
    lively=0,
    scenery="paper",
    light="studio",
    course="steady",
    move="still",
    distance=15,
    pictures=True,
)
ALIKE = 0.6  # descriptors nearer than this are one person's (King 2017)
HIDDEN = 0.12  # share of the eyes' outline that hair may cover
OPEN = 0.15  # share of it that has to be eyes
BURNT = 0.02  # share of the skin that may be white


class Calm:
    """A script in which nothing happens: straight ahead, eyes open, no expression."""

    def at(self, time: float) -> Moment:  # noqa: ARG002  # it is the same at any time
        """The same at any time."""
        return Moment((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), {}, (0.0, 0.0))


def faults(
    picture: NDArray[np.uint8], seg: NDArray[np.uint8], points: NDArray[np.float32]
) -> list[str]:
    """What is wrong with a portrait.

    Args:
        picture: (H, W, 3) RGB.
        seg: (H, W) labels.
        points: (68, 2) landmarks.
    """
    found = hog.make(upsample=1, threshold=0.0)(picture)
    wrong = [] if len(found) == 1 else [f"{len(found)} faces found"]
    eyes = inside(points[36:42], seg.shape, 2) | inside(points[42:48], seg.shape, 2)
    if np.mean(seg[eyes] == HAIR) > HIDDEN:
        wrong.append("hair over the eyes")
    if np.mean(seg[eyes] == EYES) < OPEN:
        wrong.append("eyes not to be seen")
    mouth = inside(points[48:60], seg.shape, 2)
    if np.any((seg == MOUTH) & ~mouth):
        wrong.append("a tongue or teeth through the skin")
    if np.mean(picture[seg == SKIN].min(-1) > 250) > BURNT:
        wrong.append("skin too bright")
    return wrong


def inside(outline: NDArray[np.float32], shape: tuple[int, ...], margin: int) -> NDArray[np.bool_]:
    """The pixels within an outline's convex hull and so many pixels round it."""
    canvas = np.zeros(shape[:2], np.uint8)
    hull = cv2.convexHull(np.rint(outline).astype(np.int32))
    cv2.fillConvexPoly(canvas, hull, 1)
    grown = cv2.dilate(canvas, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8))
    return np.asarray(grown) > 0


def unlike(
    host: NDArray[np.float64], donor: NDArray[np.float64], twin: NDArray[np.float64]
) -> list[str]:
    """What is wrong with a donor for a host, from the descriptors (128,) of both and the twin."""
    wrong = []
    if np.linalg.norm(host - donor) < ALIKE:
        wrong.append("host and donor look alike")
    if np.linalg.norm(twin - donor) >= np.linalg.norm(twin - host):
        wrong.append("the twin is nearer to the host")
    return wrong
