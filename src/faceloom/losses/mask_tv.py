"""mask_tv: how much neighbouring pixels of the painted mask differ (faceswap-GAN v2)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch
from .needed import mask_of
from .tv import variation


def make() -> Callable[[Batch, Painted], Tensor]:
    """Its total variation, a mean in [0, 2]; FaceloomError where the model paints no mask."""

    def loss(_batch: Batch, painted: Painted) -> Tensor:
        return variation(mask_of(painted, "mask_tv"))

    return loss
