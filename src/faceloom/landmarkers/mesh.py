"""68 landmarks from the 478-point mesh of face_landmarker.task (Apache-2.0), finer than pixels.

Each pass sees the face turned so that the eyes are on one height, with as much room about it as
half its own size; the first sees the detector's box as it is. From the second pass on it hardly
matters how well the box was laid.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceloom.geometry import meshes
from faceloom.meshes import Image, Mesher

Points = NDArray[np.float64]
Landmarker = Callable[[Image, NDArray[np.floating]], Points]


def make(*, passes: int, weights: tuple[Path, ...]) -> Landmarker:
    """What finds the landmarks of faces whose boxes are known.

    Args:
        passes: how often each face is looked at, each time where it was found before.
        weights: face_landmarker.task.

    Returns:
        From an image (H, W, 3) and boxes (N, 4) to landmarks (N, 68, 2), all in its pixels.

    Raises:
        FaceloomError: where that is another file, or a broken one.
    """
    mesher = Mesher(weights[0], passes)

    def landmarks(image: Image, boxes: NDArray[np.floating]) -> Points:
        return np.asarray(meshes.landmarks(mesher(image, boxes)), np.float64)

    return landmarks
