"""semantic: a face painted as another person should have the code it was painted by (XGAN).

Royer et al. 2017, section 3.2, by the angle between codes as in faceswap-GAN v2.1.
"""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

from ..models.generator import Painted
from ..training.batch import Batch


def make() -> Callable[[Batch, Painted], Tensor]:
    """Mean of 1 - the cosine between the codes of faces as they were and as somebody else."""

    def loss(batch: Batch, back: Painted) -> Tensor:
        if batch.code is None or back.code is None:
            raise ValueError("these faces have been nobody else")
        return (1 - functional.cosine_similarity(back.code.flat, batch.code.flat)).mean()

    return loss
