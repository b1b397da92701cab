"""eyes: how far colours and edges are off about the eyes (faceswap-GAN v2.2)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch
from .needed import eyes_of


def make(*, edges: float = 1.0) -> Callable[[Batch, Painted], Tensor]:
    """Mean over all pixels of the absolute difference where the eyes are; 0 elsewhere.

    edges: what the difference of the absolute first differences counts beside that, across
    and down each.
    """

    def loss(batch: Batch, painted: Painted) -> Tensor:
        image, eyes = painted.image.float(), eyes_of(batch)
        wrong = ((image - batch.target) * eyes).abs().mean()
        for axis in (2, 3):
            steps = image.diff(dim=axis).abs() - batch.target.diff(dim=axis).abs()
            there = eyes.narrow(axis, 1, eyes.shape[axis] - 1)
            wrong = wrong + edges * (steps * there).abs().mean()
        return wrong

    return loss
