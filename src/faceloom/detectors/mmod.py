"""dlib's convolutional network for faces (King 2015), computed by ours: the same boxes, faster."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from faceloom.networks.mmod_follow import Follow
from faceloom.networks.mmod_search import Search
from faceloom.training.precision import Precision, fastest, keep_allocator

from .found import Found


def make(
    *,
    upsample: int,
    threshold: float,
    precision: Precision,
    video: Mapping[str, int] | None,
    weights: tuple[Path, ...],
) -> Callable[[np.ndarray], list[Found]]:
    """A detector: a picture, RGB uint8 (H, W, 3), to its faces, the surest first.

    With `video`, what `Follow` is told, pictures are the frames of one shot in their order.
    """
    keep_allocator()
    search = Search(
        weights[0],
        upsample=upsample,
        threshold=threshold,
        precision=precision,
        device=fastest(),
    )
    faces_in = Follow(search, **video) if video else lambda image: search(image[None])[0]

    def found(image: np.ndarray) -> list[Found]:
        faces = faces_in(image)
        return [Found(box, float(score)) for box, score in zip(*faces, strict=True)]

    return found
