"""Masks of faces and of their parts."""

from collections.abc import Sequence

import cv2
import numpy as np

from faceloom.geometry.arrays import Points, Size
from faceloom.geometry.landmarks import (
    CHIN,
    LEFT_BROW,
    LEFT_EYE,
    MOUTH,
    NOSE,
    RIGHT_BROW,
    RIGHT_EYE,
    up,
)
from faceloom.pixels.arrays import Mask

_FINER = 4  # polygons are filled on a grid so much finer, then averaged
_BROWS = [*RIGHT_BROW, *LEFT_BROW]
_ARCH = np.array([0.5, 0.75, 0.9, 1.0, 1.0, 1.0, 1.0, 0.9, 0.75, 0.5])  # a forehead is round

PARTS: dict[str, list[list[int]]] = {
    "mouth": [list(MOUTH)],
    "nose": [list(NOSE)],
    "eyes": [list(RIGHT_EYE), list(LEFT_EYE)],
    "brows": [list(RIGHT_BROW), list(LEFT_BROW)],
}
"""Landmarks of each part; each list is one hull."""


def hull(landmarks: Points, size: Size, forehead: float = 0.35) -> Mask:
    """The face as a convex hull with smooth edges.

    Args:
        landmarks: (68, 2).
        size: width and height of the mask.
        forehead: how far the hull reaches above the brows, in heights from chin to brows, along
            the face's own upward direction; less at the temples, as a forehead is round.
    """
    direction = up(landmarks)
    brows = landmarks[_BROWS]
    height = float((brows.mean(axis=0) - landmarks[CHIN]) @ direction)
    lifted = brows + forehead * height * _ARCH[:, None] * direction
    return _filled([np.concatenate([landmarks, lifted])], size)


def parts(landmarks: Points, names: Sequence[str], size: Size, grow: float = 1.0) -> Mask:
    """Parts of the face, each as its hull made larger by `grow` about its centre.

    Args:
        landmarks: (68, 2).
        names: of PARTS: mouth, nose, eyes, brows.
        size: width and height of the mask.
        grow: 1 is the landmarks' hull.
    """
    groups = [landmarks[group] for name in names for group in PARTS[name]]
    middles = [(group.min(axis=0) + group.max(axis=0)) / 2 for group in groups]
    grown = [m + (group - m) * grow for group, m in zip(groups, middles, strict=True)]
    return _filled(grown, size)


def outlined(outlines: Sequence[Points], size: Size) -> Mask:
    """The union of polygons, each pixel the share of its area that is inside.

    Args:
        outlines: (N, 2) each, in order around; they need not be convex.
        size: width and height of the mask.
    """
    canvas = np.zeros((size[1] * _FINER, size[0] * _FINER), np.uint8)
    for points in outlines:
        fine = np.rint(((np.asarray(points) + 0.5) * _FINER - 0.5) * 16).astype(np.int32)
        cv2.fillPoly(canvas, [fine], 255, cv2.LINE_8, 4)
    small = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def feathered(mask: Mask, sigma: float) -> Mask:
    """The mask made soft inwards: what was 0 stays 0, and the edge starts from there.

    The mask is multiplied by a smooth step of the distance to its edge, which is 1 from 3 sigma
    (pixels) on; no pixel gains. The picture's border is no edge.
    """
    support = (mask > 0).astype(np.uint8)
    if sigma <= 0 or support.all():
        return mask.copy()
    distance = cv2.distanceTransform(support, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    along = np.minimum(distance / np.float32(3 * sigma), 1)
    return np.asarray(mask * along * along * (3 - 2 * along), np.float32)


def eroded(mask: Mask, pixels: int) -> Mask:
    """The mask smaller by so many pixels all around; the picture's border is no edge."""
    return np.asarray(cv2.erode(mask, _disc(pixels)), np.float32)


def dilated(mask: Mask, pixels: int) -> Mask:
    """The mask larger by so many pixels all around."""
    return np.asarray(cv2.dilate(mask, _disc(pixels)), np.float32)


def retreated(mask: Mask, wanted: Mask, margin: int) -> Mask:
    """The mask without what is unwanted at its edge, and some pixels more there.

    What is unwanted, but surrounded by what is wanted, stays: lips in a face, not the wall beside.
    """
    beyond = ((mask <= 0.5) | (wanted <= 0.5)).astype(np.uint8)
    _, parts = cv2.connectedComponents(beyond)
    outside = np.isin(parts, np.unique(parts[mask <= 0.5])) & (beyond > 0)
    gone = outside & (mask > 0.5)
    return np.asarray(mask * (1 - dilated(gone.astype(mask.dtype), margin)), mask.dtype)


def ring(mask: Mask, pixels: int, inside: int = 0) -> Mask:
    """The band outside the mask, so many pixels wide, and `inside` pixels of the mask too."""
    inner = eroded(mask, inside) if inside else mask
    return np.asarray(dilated(mask, pixels) - inner, np.float32)


def _disc(pixels: int) -> cv2.typing.MatLike:
    reach = np.arange(-pixels, pixels + 1)
    return (reach[:, None] ** 2 + reach**2 <= pixels**2 + 0.25 * pixels).astype(np.uint8)


def _filled(groups: Sequence[Points], size: Size) -> Mask:
    """The union of the groups' convex hulls, each pixel the share of its area that is inside."""
    mask = np.zeros((size[1], size[0]), np.float32)
    for points in groups:
        near = np.floor(points.min(axis=0)).astype(int)
        far = np.ceil(points.max(axis=0)).astype(int) + 1
        left, top = np.clip(near, 0, size)
        right, bottom = np.clip(far, 0, size)
        if left < right and top < bottom:
            patch = _patch(points - (left, top), (int(right - left), int(bottom - top)))
            window = mask[top:bottom, left:right]
            np.maximum(window, patch, out=window)
    return mask


def _patch(points: Points, size: Size) -> Mask:
    fine = (points + 0.5) * _FINER - 0.5
    outline = cv2.convexHull(fine.astype(np.float32))
    canvas = np.zeros((size[1] * _FINER, size[0] * _FINER), np.float32)
    cv2.fillConvexPoly(canvas, np.rint(outline * 16).astype(np.int32), 1, cv2.LINE_8, 4)
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.float32)
