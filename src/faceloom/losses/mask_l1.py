"""mask_l1: how large the painted mask is, so that no more is painted than must be (v2)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch
from .needed import mask_of


def make() -> Callable[[Batch, Painted], Tensor]:
    """Its mean in [0, 1]; FaceloomError where the model paints no mask."""

    def loss(_batch: Batch, painted: Painted) -> Tensor:
        return mask_of(painted, "mask_l1").mean()

    return loss
