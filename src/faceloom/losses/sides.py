"""sides: how far the colours of the smaller pictures are off that a decoder paints on its way.

Deep supervision, as faceswap-GAN v2.2 has it from 128 pixels on.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from ..errors import FaceloomError
from ..models.generator import Painted
from ..training.batch import Batch


def make() -> Callable[[Batch, Painted], Tensor]:
    """Mean absolute difference of each from the target at its size, in [0, 2], added up.

    FaceloomError where the model paints none.
    """

    def loss(batch: Batch, painted: Painted) -> Tensor:
        if not painted.sides:
            raise FaceloomError(
                "train.losses.sides: this model paints nothing on its way; "
                "v22 does from model.size: 128 on, or leave this loss out"
            )
        wrong = [
            (side.float() - functional.interpolate(batch.target, side.shape[2:], mode="area")).abs()
            for side in painted.sides
        ]
        return torch.stack([each.mean() for each in wrong]).sum()

    return loss
