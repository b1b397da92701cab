"""perceptual: how far features of a network are off that knows faces (Johnson et al. 2016).

dlib's descriptor network, whose weights are CC0, stands where faceswap-GAN has VGGFace.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from ..models.generator import Painted
from ..training.batch import Batch
from .features import Features


def make(
    *,
    weights: tuple[Path, ...],
    layers: tuple[float, ...] = (0.1, 0.3, 0.1, 0.01),
    normalised: bool = True,
    of: Literal["image", "laid"] = "image",
    coverage: float = 0.9,
) -> Callable[[Batch, Painted], Tensor]:
    """Mean squared differences of features, each layer's weighted, added up.

    layers: weights of the four stages of 32 to 256 channels, the finest first; normalised:
    features by mean and variance of each channel of each face first (Huang et al. 2018,
    section 5.1), so that light and colour do not count; of: what is painted, or that laid over
    the input by its mask; coverage: as `crop.coverage`.
    """
    features = Features(weights[0], coverage)

    def loss(batch: Batch, painted: Painted) -> Tensor:
        shown = painted.image.float() if of == "image" else painted.laid(batch.warped)
        with torch.no_grad():
            wanted = features.layers(batch.target)
        found = features.layers(shown)
        wrong = [
            weight * functional.mse_loss(levelled(one), levelled(other))
            for weight, one, other in zip(layers, found, wanted, strict=True)
        ]
        return torch.stack(wrong).sum()

    def levelled(seen: Tensor) -> Tensor:
        return functional.instance_norm(seen) if normalised else seen

    return loss
