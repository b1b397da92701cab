"""Boxes around faces: left, top, right, bottom."""

import numpy as np
from numpy.typing import NDArray

from faceloom.geometry.arrays import Box, Points


def overlap(one: Box, two: Box) -> float:
    """How much two boxes are the same: shared area over united area, 0..1."""
    return float(overlaps(np.asarray(one)[None], np.asarray(two)[None])[0, 0])


def overlaps(ones: NDArray[np.floating], twos: NDArray[np.floating]) -> NDArray[np.float64]:
    """Overlap of each of (N, 4) boxes with each of (M, 4), as (N, M); empty boxes overlap by 0."""
    first = np.asarray(ones, np.float64).reshape(-1, 1, 4)
    second = np.asarray(twos, np.float64).reshape(1, -1, 4)
    near = np.maximum(first[..., :2], second[..., :2])
    far = np.minimum(first[..., 2:], second[..., 2:])
    shared = np.prod(np.clip(far - near, 0, None), axis=-1)
    united = _areas(first) + _areas(second) - shared
    result: NDArray[np.float64] = np.divide(
        shared, united, out=np.zeros_like(shared), where=united > 0
    )
    return result


def enclosing(points: Points) -> Box:
    """The smallest box that holds all points (P, 2)."""
    return np.concatenate([points.min(axis=0), points.max(axis=0)])


def grown(box: Box, factor: float) -> Box:
    """The box made larger by `factor` about its centre."""
    middle = centre(box)
    half = (np.asarray(box, np.float64)[2:] - middle) * factor
    return np.concatenate([middle - half, middle + half])


def centre(box: Box) -> NDArray[np.float64]:
    """The middle of the box, x and y."""
    sides = np.asarray(box, np.float64)
    middle: NDArray[np.float64] = (sides[:2] + sides[2:]) / 2
    return middle


def _areas(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    areas: NDArray[np.float64] = np.prod(np.clip(boxes[..., 2:] - boxes[..., :2], 0, None), axis=-1)
    return areas
