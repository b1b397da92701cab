"""What some losses need and not every model or batch has."""

from torch import Tensor

from ..errors import FaceloomError
from ..models.generator import Painted
from ..training.batch import Batch


def mask_of(painted: Painted, loss: str) -> Tensor:
    """The painted mask (B, 1, H, W), float32; FaceloomError where the model paints none."""
    if painted.mask is None:
        raise FaceloomError(
            f"train.losses.{loss}: this model paints no mask; "
            "try train.model.mask: alpha, or leave this loss out"
        )
    return painted.mask.float()


def code_of(painted: Painted) -> tuple[Tensor, Tensor]:
    """Mean and spread of the codes' distributions; FaceloomError where they are none."""
    code = painted.code
    if code is None or code.mean is None or code.spread is None:
        raise FaceloomError(
            "train.losses.kl: this model's codes are no distributions; "
            "try train.model.variational: true, or leave this loss out"
        )
    return code.mean, code.spread


def eyes_of(batch: Batch) -> Tensor:
    """Where the eyes are, (B, 1, H, W) in [0, 1]; ValueError where nobody has made that."""
    if batch.eyes is None:
        raise ValueError("this batch does not say where the eyes are")
    return batch.eyes
