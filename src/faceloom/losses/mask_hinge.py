"""mask_hinge: how far the painted mask stays below a level, so that it does not vanish (v2)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch
from .needed import mask_of


def make(*, least: float = 0.5) -> Callable[[Batch, Painted], Tensor]:
    """Mean of max(0, least - mask); FaceloomError where the model paints no mask."""

    def loss(_batch: Batch, painted: Painted) -> Tensor:
        return (least - mask_of(painted, "mask_hinge")).relu().mean()

    return loss
