"""tv: how much neighbouring pixels of the picture differ (Rudin, Osher and Fatemi 1992)."""

from collections.abc import Callable

from torch import Tensor

from ..models.generator import Painted
from ..training.batch import Batch


def make() -> Callable[[Batch, Painted], Tensor]:
    """The anisotropic total variation of what is painted, a mean in [0, 4]."""

    def loss(_batch: Batch, painted: Painted) -> Tensor:
        return variation(painted.image.float())

    return loss


def variation(pixels: Tensor) -> Tensor:
    """Mean absolute first difference of (B, C, H, W) across, and the same down, added."""
    return pixels.diff(dim=3).abs().mean() + pixels.diff(dim=2).abs().mean()
