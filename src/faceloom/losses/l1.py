"""l1: how far the colours are off, mostly inside the face."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch


def make(*, background: float = 0.1) -> Callable[[Batch, Painted], Tensor]:
    """Mean absolute difference in [0, 2]; outside the face mask it counts `background` times.

    Every face counts the same, however much of its picture it fills.
    """

    def loss(batch: Batch, painted: Painted) -> Tensor:
        wrong = (painted.image.float() - batch.target).abs().mean(1, keepdim=True)
        weight = background + (1 - background) * batch.mask
        return ((wrong * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3)).clamp_min(1e-6)).mean()

    return loss
