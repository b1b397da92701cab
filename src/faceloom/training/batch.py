"""What one step learns from."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..models.generator import Code


@dataclass(frozen=True)
class Batch:
    """One person's faces, float32 on the generator's device.

    warped, target: (B, 3, S, S) in [-1, 1], what the generator sees and what it should paint;
    mask: (B, 1, S, S) in [0, 1], the face in `target`; eyes: the same for its eyes, None where
    no loss asks for them; landmarks: (B, 1, S, S) in [0, 1], drawn as they lie in `warped`, None
    where no generator takes them; code: of the faces before they were painted as somebody else,
    None where they have not been.
    """

    warped: Tensor
    target: Tensor
    mask: Tensor
    eyes: Tensor | None = None
    landmarks: Tensor | None = None
    code: Code | None = None

    @property
    def seen(self) -> Tensor:
        """All that the generator sees: (B, 3 or 4, S, S)."""
        if self.landmarks is None:
            return self.warped
        return torch.cat([self.warped, self.landmarks], 1)
