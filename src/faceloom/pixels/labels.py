"""The small label that says what a picture is."""

from __future__ import annotations

import cv2
import numpy as np

from faceloom.geometry.arrays import Box, Size

FONT = cv2.FONT_HERSHEY_SIMPLEX
TALL = 0.035  # of the picture's shorter side, but never less than LEAST pixels
LEAST = 7


def label(words: str, size: Size) -> np.ndarray:
    """White words on dark grey, uint8 (h, w, 3), as large as suits a picture of that size."""
    tall = max(LEAST, round(TALL * min(size)))
    scale = tall / 21  # the font's capitals are 21 px at scale 1
    thick = max(1, round(scale * 1.5))
    (wide, _), _ = cv2.getTextSize(words, FONT, scale, thick)
    margin = max(2, tall // 3)
    box = np.full((tall + 2 * margin, wide + 2 * margin, 3), 32, np.uint8)
    white = (235, 235, 235)
    cv2.putText(box, words, (margin, margin + tall), FONT, scale, white, thick, cv2.LINE_AA)
    return box[: size[1], : size[0]]


def corner(label_size: Size, size: Size, boxes: np.ndarray) -> tuple[int, int, int, int]:
    """The place in the corner that is farthest from all boxes (N, 4): left, top, right, bottom."""
    (wide, tall), (width, height) = label_size, size
    places = [
        (left, top, left + wide, top + tall)
        for top in (height - tall, 0)
        for left in (width - wide, 0)
    ]
    return max(places, key=lambda place: nearest(np.array(place, float), boxes))


def nearest(place: Box, boxes: np.ndarray) -> float:
    """How far the nearest of the boxes is from a place; 0 where they touch."""
    if not len(boxes):
        return 0.0
    across = np.maximum(boxes[:, 0] - place[2], place[0] - boxes[:, 2]).clip(0)
    down = np.maximum(boxes[:, 1] - place[3], place[1] - boxes[:, 3]).clip(0)
    return float(np.hypot(across, down).min())
