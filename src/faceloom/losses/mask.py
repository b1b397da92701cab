"""mask: the painted mask against the face's own."""

from collections.abc import Callable

from torch import Tensor

from ..errors import FaceloomError
from ..models.generator import Painted
from ..training.batch import Batch


def make() -> Callable[[Batch, Painted], Tensor]:
    """Mean absolute difference in [0, 1]; FaceloomError where the model paints no mask."""

    def loss(batch: Batch, painted: Painted) -> Tensor:
        if painted.mask is None:
            raise FaceloomError(
                "train.losses.mask: this model paints no mask; "
                "try train.model.mask: true, or leave this loss out"
            )
        return (painted.mask.float() - batch.mask).abs().mean()

    return loss
