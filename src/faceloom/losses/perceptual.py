"""perceptual: how far features of a network are off that knows pictures (Johnson et al. 2016).

dlib's descriptor network, whose weights are CC0, stands where faceswap-GAN has VGGFace; others may
be named.
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

FACES = (0.1, 0.3, 0.1, 0.01)  # v2.2's, of VGGFace's maps of 112, 55, 28 and 7 pixels
VGGS = (0.01, 0.003, 0.003, 0.001, 0.01)  # v2.1's, of VGG16


def make(
    *,
    weights: tuple[Path, ...],
    network: Literal["dlib", "facenet", "lightcnn", "vgg16", "vgg19"] = "dlib",
    layers: tuple[float, ...] | None = None,
    normalised: bool = True,
    of: Literal["image", "laid"] = "image",
    coverage: float = 0.9,
) -> Callable[[Batch, Painted], Tensor]:
    """Mean squared differences of features, each layer's weighted, added up.

    network: whose features, as `features.KINDS` has them; layers: weights of its stages, the finest
    first, of a face network's four or a VGG's five, None = as faceswap-GAN has them; normalised:
    features by mean and variance of each channel of each face first (Huang et al. 2018,
    section 5.1), so that light and colour do not count; of: what is painted, or that laid over
    the input by its mask; coverage: as `crop.coverage`.
    """
    features = Features(network, weights[0], coverage)
    shares = layers or (VGGS if network.startswith("vgg") else FACES)

    def loss(batch: Batch, painted: Painted) -> Tensor:
        shown = painted.image.float() if of == "image" else painted.laid(batch.warped)
        with torch.no_grad():
            wanted = features.layers(batch.target)
        found = features.layers(shown)
        wrong = [
            weight * functional.mse_loss(levelled(one), levelled(other))
            for weight, one, other in zip(shares, found, wanted, strict=True)
        ]
        return torch.stack(wrong).sum()

    def levelled(seen: Tensor) -> Tensor:
        return functional.instance_norm(seen) if normalised else seen

    return loss
