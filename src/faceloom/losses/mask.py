"""mask: the painted mask against the face's own."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch
from .needed import mask_of


def make() -> Callable[[Batch, Painted], Tensor]:
    """Mean absolute difference in [0, 1]; FaceloomError where the model paints no mask."""

    def loss(batch: Batch, painted: Painted) -> Tensor:
        return (mask_of(painted, "mask") - batch.mask).abs().mean()

    return loss
