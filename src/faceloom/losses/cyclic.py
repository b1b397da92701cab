"""cyclic: a face painted as another person and back should be as it was (Zhu et al. 2017)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch


def make(*, mask: float = 0.0) -> Callable[[Batch, Painted], Tensor]:
    """Mean absolute difference of what came back from the target.

    mask: what the mean of the mask on the way back counts, where there is one; faceswap-GAN v2.2
    has 0.1.
    """

    def loss(batch: Batch, back: Painted) -> Tensor:
        far = (back.laid(batch.warped) - batch.target).abs().mean()
        return far if back.mask is None else far + mask * back.mask.float().abs().mean()

    return loss
