"""dlib's frontal faces by gradient histograms (Dalal and Triggs 2005)."""

from collections.abc import Callable
from functools import cache

import dlib
import numpy as np

from .found import Found


def make(*, upsample: int, threshold: float) -> Callable[[np.ndarray], list[Found]]:
    """A detector: a picture, RGB uint8 (H, W, 3), to its faces, the surest first."""
    detector = frontal()

    def found(image: np.ndarray) -> list[Found]:
        boxes, scores, _ = detector.run(np.ascontiguousarray(image), upsample, threshold)
        return [Found(edges(box), score) for box, score in zip(boxes, scores, strict=True)]

    return found


@cache
def frontal() -> dlib.fhog_object_detector:
    """dlib's detector; it takes a third of a second to make, and remembers nothing."""
    return dlib.get_frontal_face_detector()


def edges(box: dlib.rectangle) -> np.ndarray:
    """A box of dlib's, whose edges are the centres of its outermost pixels, as ours."""
    return np.array([box.left(), box.top(), box.right(), box.bottom()], float)
