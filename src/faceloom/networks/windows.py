"""From the scores of windows to the boxes of faces, as dlib's loss_mmod_ does it."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def whole(numbers: Numbers) -> Numbers:
    """The nearest whole numbers; halves away from 0, as C's lround."""
    rounded: Numbers = np.copysign(np.floor(np.abs(numbers) + 0.5), numbers)
    return rounded


def around(centres: Numbers, window: tuple[int, int]) -> Numbers:
    """Boxes (N, 4) of the window's size round (N, 2) centres."""
    half = (np.array(window) - 1) / 2
    return np.hstack([centres - half, centres + half])


def best(boxes: Numbers, scores: Numbers, overlap: float, covered: float) -> list[int]:
    """Which of the boxes (N, 4) stay, the surest first: those that no surer one rules out.

    Args:
        boxes: in whole pixels, the last column and row included.
        scores: (N,).
        overlap: two boxes rule each other out that share more of the box that holds both.
        covered: or more of one of them.
    """
    kept: list[int] = []
    for number in np.argsort(-scores, kind="stable").tolist():
        if not ruled_out(boxes[number], boxes[kept], overlap, covered).any():
            kept.append(number)
    return kept


def ruled_out(box: Numbers, others: Numbers, overlap: float, covered: float) -> NDArray[np.bool_]:
    """Whether the box (4,) may not stand beside each of the others (N, 4)."""
    inner = areas(np.hstack([np.maximum(box, others)[:, :2], np.minimum(box, others)[:, 2:]]))
    outer = areas(np.hstack([np.minimum(box, others)[:, :2], np.maximum(box, others)[:, 2:]]))
    own = np.minimum(areas(others), areas(box[None]))
    return (inner > 0) & ((inner / outer > overlap) | (inner / own > covered))


def areas(boxes: Numbers) -> Numbers:
    """Pixels in each of (N, 4) boxes; 0 where one is empty."""
    sides = np.clip(boxes[:, 2:] - boxes[:, :2] + 1, 0, None)
    product: Numbers = sides.prod(axis=1)
    return product
