"""dlib's 68 landmarks, by an ensemble of regression trees (Kazemi and Sullivan 2014).

dlib takes boxes and gives points in whole pixels, of whatever it is shown. So each face is shown
enlarged, on a canvas where its box has whole sides, and its points are mapped back: nothing is
rounded. dlib's own pixel centres are at whole numbers, as ours are.
"""

from collections.abc import Callable
from pathlib import Path

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from faceloom.errors import FaceloomError
from faceloom.geometry import similarity
from faceloom.geometry.arrays import Box, Matrix

AROUND = (
    0.35  # how much of a box is shown on each side of it; beyond .25 nothing changes the points
)
LARGEST = 1000  # px: to a box as large as this, whole pixels are fine enough

Image = NDArray[np.uint8]
Points = NDArray[np.float64]
Landmarker = Callable[[Image, NDArray[np.floating]], Points]


def make(*, finer: int, weights: tuple[Path, ...]) -> Landmarker:
    """What finds the landmarks of faces whose boxes are known.

    Args:
        finer: each face is enlarged so many times first; less where that makes it too large.
        weights: shape_predictor_68_face_landmarks.dat.

    Returns:
        From an image (H, W, 3) and boxes (N, 4) to landmarks (N, 68, 2), all in its pixels.

    Raises:
        FaceloomError: where that is another file, or a broken one.
    """
    try:
        predictor = dlib.shape_predictor(str(weights[0]))
    except RuntimeError:
        raise FaceloomError(
            f"{weights[0]}: not dlib's predictor of 68 points, or a broken one; "
            "remove it and run faceloom weights"
        ) from None

    def landmarks(image: Image, boxes: NDArray[np.floating]) -> Points:
        found = [within(predictor, image, box, finer) for box in boxes]
        return np.array(found, np.float64).reshape(-1, 68, 2)

    return landmarks


def within(predictor: dlib.shape_predictor, image: Image, box: Box, finer: int) -> Points:
    """The landmarks (68, 2) of the face in that box."""
    matrix, place = enlargement(box, finer)
    canvas = enlarged(image, matrix, size=(place[0] + place[2], place[1] + place[3]))
    shape = predictor(canvas, dlib.rectangle(*place))
    points = np.array([(point.x, point.y) for point in shape.parts()], np.float64)
    return np.asarray(similarity.apply(similarity.inverse(matrix), points), np.float64)


def enlargement(box: Box, finer: int) -> tuple[Matrix, tuple[int, int, int, int]]:
    """The map from image to canvas, and where the box lies on the canvas, in whole pixels."""
    sides = np.asarray(box[2:] - box[:2], np.float64)
    times = min(finer, max(1.0, LARGEST / sides.max()))
    whole = np.maximum(np.rint(sides * times), 1)
    margin = np.ceil(whole * AROUND)
    scale = whole / sides
    matrix = np.column_stack([np.diag(scale), margin - scale * box[:2]])
    left, top, right, bottom = (int(edge) for edge in (*margin, *(margin + whole)))
    return matrix, (left, top, right, bottom)


def enlarged(image: Image, matrix: Matrix, size: tuple[int, int]) -> Image:
    """The canvas, in the grey that dlib makes of RGB; black beyond the image, as dlib sees it."""
    corners = similarity.apply(similarity.inverse(matrix), np.array([(0, 0), size], np.float64))
    near = np.clip(np.floor(corners[0]).astype(int) - 2, 0, None)
    far = np.clip(np.ceil(corners[1]).astype(int) + 3, 0, None)
    part = image[near[1] : far[1], near[0] : far[0]].sum(axis=2, dtype=np.uint16) // 3
    if not part.size:
        return np.zeros(size[::-1], np.uint8)
    shifted = similarity.compose(matrix, np.array([[1.0, 0, near[0]], [0, 1.0, near[1]]]))
    grey = part.astype(np.uint8)
    return np.asarray(cv2.warpAffine(grey, shifted, size, flags=cv2.INTER_CUBIC), np.uint8)
