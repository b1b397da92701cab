"""edge: how strong the edges are, wherever they point (faceswap-GAN's edge loss)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch


def make() -> Callable[[Batch, Painted], Tensor]:
    """Mean difference in [0, 2] of the absolute first differences, across and down."""

    def loss(batch: Batch, painted: Painted) -> Tensor:
        image = painted.image.float()
        wrong = [
            (image.diff(dim=axis).abs() - batch.target.diff(dim=axis).abs()).abs().mean()
            for axis in (2, 3)
        ]
        return (wrong[0] + wrong[1]) / 2

    return loss
