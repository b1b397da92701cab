"""What one step learns from."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """One person's faces, float32 on the generator's device.

    warped, target: (B, 3, S, S) in [-1, 1], what the generator sees and what it should paint;
    mask: (B, 1, S, S) in [0, 1], the face in `target`; eyes: the same for its eyes, None where
    no loss asks for them.
    """

    warped: Tensor
    target: Tensor
    mask: Tensor
    eyes: Tensor | None = None
