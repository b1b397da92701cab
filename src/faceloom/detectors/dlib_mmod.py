"""dlib's convolutional network for faces (King 2015), computed by dlib: what `mmod` must equal."""

from collections.abc import Callable
from pathlib import Path

import dlib
import numpy as np

from .found import Found
from .hog import edges


def make(
    *, upsample: int, threshold: float, weights: tuple[Path, ...]
) -> Callable[[np.ndarray], list[Found]]:
    """A detector: a picture, RGB uint8 (H, W, 3), to its faces, the surest first."""
    network = dlib.cnn_face_detection_model_v1(str(weights[0]))

    def found(image: np.ndarray) -> list[Found]:
        faces = network(np.ascontiguousarray(image), upsample)
        return [Found(edges(f.rect), f.confidence) for f in faces if f.confidence >= threshold]

    return found
