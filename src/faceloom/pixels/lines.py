"""Landmarks as a picture: the lines that a face is drawn with."""

import cv2
import numpy as np

from faceloom.geometry.arrays import Points
from faceloom.geometry.landmarks import (
    INNER_MOUTH,
    JAW,
    LEFT_BROW,
    LEFT_EYE,
    MOUTH,
    NOSE,
    RIGHT_BROW,
    RIGHT_EYE,
)
from faceloom.pixels.arrays import Image

THICK = 1 / 64  # of a side
FRACTION = 4  # bits behind the point of a coordinate

OPEN = (JAW, RIGHT_BROW, LEFT_BROW, NOSE[:4], NOSE[4:])
CLOSED = (RIGHT_EYE, LEFT_EYE, MOUTH[: -len(INNER_MOUTH)], INNER_MOUTH)


def drawn(landmarks: Points, size: int) -> Image:
    """Jaw, brows, nose, eyes and lips as smooth lines: (size, size) uint8, 255 on a line.

    landmarks: (68, 2), pixel centres at whole numbers.
    """
    canvas = np.zeros((size, size), np.uint8)
    fixed = np.rint(landmarks * 2**FRACTION).astype(np.int32)
    thick = max(1, round(size * THICK))
    for lines, closed in ((OPEN, False), (CLOSED, True)):
        chains = [fixed[list(line)] for line in lines]
        cv2.polylines(canvas, chains, closed, 255, thick, cv2.LINE_AA, FRACTION)
    return canvas
