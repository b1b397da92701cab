"""Triangles between points, and pictures bent along them."""

from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from faceloom.geometry.arrays import Points, Size

_SLIVER = 1e-3  # px²: what is thinner has no sensible inverse
_SUBPIXEL_BITS = 4

Triangles = NDArray[np.int32]
Picture = TypeVar("Picture", bound=NDArray[np.uint8] | NDArray[np.float32])


def triangles(points: Points) -> Triangles:
    """Delaunay's triangles of (P, 2) points as (T, 3) indices."""
    return np.asarray(Delaunay(points).simplices, np.int32)


def with_border(points: Points, size: Size) -> Points:
    """The points and, after them, the frame's four corners and its sides' four middles."""
    right, bottom = size[0] - 1.0, size[1] - 1.0
    across, down = [0.0, right / 2, right], [0.0, bottom / 2, bottom]
    border = [(x, y) for y in down for x in across if (x, y) != (right / 2, bottom / 2)]
    return np.concatenate([points, np.array(border)])


def warp(
    image: Picture,
    points: Points,
    targets: Points,
    triangles: Triangles,
    size: Size,
    border: int = cv2.BORDER_REFLECT_101,
) -> Picture:
    """The image bent so that what was at `points` is at `targets`, straight inside triangles.

    Args:
        image: (H, W) or (H, W, 1 to 4), uint8 or float32.
        points: (P, 2) in the image.
        targets: (P, 2) in the result.
        triangles: (T, 3) indices of either; triangles that vanish in the result are skipped.
        size: width and height of the result; what no triangle covers is black (0).
        border: OpenCV's border mode, for triangles that reach out of the image.
    """
    corners = targets[triangles].astype(np.float64)
    areas = np.abs(_doubled_areas(corners)) / 2
    order = np.argsort(areas)  # large ones last: pixels on a shared edge follow the steadier map
    order = order[areas[order] > _SLIVER]
    labels = _labels(corners[order], size)
    across, down = _maps(_affines(points[triangles[order]], corners[order]), labels)
    bent = cv2.remap(image, across, down, cv2.INTER_LINEAR, borderMode=border)
    bent = bent.reshape(*labels.shape, *image.shape[2:])
    bent[labels < 0] = 0
    return cast(Picture, bent)


def _doubled_areas(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas: NDArray[np.float64] = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    return areas


def _affines(places: Points, corners: NDArray[np.float64]) -> NDArray[np.float32]:
    """(T, 2, 3) maps from the result back to the image, all triangles at once."""
    ones = np.ones((len(corners), 1, 3))
    known = np.concatenate([corners.transpose(0, 2, 1), ones], axis=1)
    back = places.astype(np.float64).transpose(0, 2, 1) @ np.linalg.inv(known)
    return back.astype(np.float32)


def _labels(corners: NDArray[np.float64], size: Size) -> NDArray[np.int32]:
    """Which triangle each pixel is in; -1 is none."""
    labels = np.full((size[1], size[0]), -1, np.int32)
    fixed = np.round(corners * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for number, triangle in enumerate(fixed):
        cv2.fillConvexPoly(labels, triangle, number, cv2.LINE_8, _SUBPIXEL_BITS)
    return labels


def _maps(
    affines: NDArray[np.float32], labels: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel comes from; six flat gathers are twice as fast as one of (H, W, 2, 3)."""
    height, width = labels.shape
    if not len(affines):
        return np.zeros(labels.shape, np.float32), np.zeros(labels.shape, np.float32)
    chosen = np.maximum(labels, 0).ravel()
    xx, xy, x0, yx, yy, y0 = (
        part.take(chosen).reshape(labels.shape) for part in affines.reshape(-1, 6).T
    )
    x = np.arange(width, dtype=np.float32)
    y = np.arange(height, dtype=np.float32)[:, None]
    return xx * x + xy * y + x0, yx * x + yy * y + y0
