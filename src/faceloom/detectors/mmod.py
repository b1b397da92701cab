"""dlib's convolutional network for faces (King 2015), computed by ours: the same boxes, faster."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from faceloom.networks.mmod_search import Search
from faceloom.training.precision import Precision, keep_allocator

from .found import Found


def make(
    *, upsample: int, threshold: float, precision: Precision, weights: tuple[Path, ...]
) -> Callable[[np.ndarray], list[Found]]:
    """A detector: a picture, RGB uint8 (H, W, 3), to its faces, the surest first."""
    keep_allocator()
    search = Search(
        weights[0],
        upsample=upsample,
        threshold=threshold,
        precision=precision,
        device="cuda" if torch.cuda.is_available() else "cpu",
    )

    def found(image: np.ndarray) -> list[Found]:
        (faces,) = search(image[None])
        return [Found(box, float(score)) for box, score in zip(*faces, strict=True)]

    return found
