"""Google's small network for faces that are near (Bazarevsky et al. 2019): few and fast."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.networks.blazeface import SIZE, faces
from faceloom.networks.face_landmarker import FaceLandmarker
from faceloom.pixels.warps import cut
from faceloom.training.precision import fastest

from .found import Found


def make(*, threshold: float, weights: tuple[Path, ...]) -> Callable[[np.ndarray], list[Found]]:
    """A detector: a picture, RGB uint8 (H, W, 3), to its faces, the surest first.

    Args:
        threshold: the least score, in [0, 1].
        weights: face_landmarker.task.
    """
    device = fastest()
    network = FaceLandmarker(weights[0]).detector.to(device)

    @torch.inference_mode()
    def found(image: np.ndarray) -> list[Found]:
        square, corner = squared(np.asarray(image))
        shrink = SIZE / len(square)
        middle = (shrink - 1) / 2  # corners meet, not the centres of the first pixels
        seen = cut(square, np.array([[shrink, 0, middle], [0, shrink, middle]]), SIZE)
        picture = torch.from_numpy(seen).to(device).permute(2, 0, 1)[None] / 127.5 - 1
        places, scores = (each[0].cpu().numpy() for each in network(picture))
        boxes, sure = faces(places, scores, threshold)
        edges = boxes[:, :2] * len(square) - corner - 0.5  # pixel centres are whole numbers
        return [Found(box.ravel(), float(score)) for box, score in zip(edges, sure, strict=True)]

    return found


def squared(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The picture in the middle of a black square, and where its left upper corner is there."""
    height, width = image.shape[:2]
    side = max(height, width)
    left, top = (side - width) // 2, (side - height) // 2
    square = np.zeros((side, side, 3), np.uint8)
    square[top : top + height, left : left + width] = image
    return square, np.array([left, top])
