"""identity: how unlike the person what is painted looks to a network that knows people.

A film must not be judged by the network alone that its model was taught by.
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
    network: Literal["dlib", "sface", "facenet", "lightcnn"] = "dlib",
    of: Literal["image", "laid"] = "image",
    coverage: float = 0.9,
) -> Callable[[Batch, Painted], Tensor]:
    """Mean of 1 - the cosine between the descriptors of what is painted and of the target.

    network: as `features.KINDS` has them; of: what is painted, or that laid over the input by its
    mask; coverage: as `crop.coverage`.
    """
    features = Features(network, weights[0], coverage)

    def loss(batch: Batch, painted: Painted) -> Tensor:
        shown = painted.image.float() if of == "image" else painted.laid(batch.warped)
        with torch.no_grad():
            wanted = features.descriptors(batch.target)
        alike = functional.cosine_similarity(features.descriptors(shown), wanted)
        return (1 - alike).mean()

    return loss
