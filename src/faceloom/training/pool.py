"""Faces painted earlier, shown again, so that a discriminator does not forget its old mistakes."""

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass
class Pool:
    """At most so many painted faces of a person (Shrivastava et al. 2017, section 2.3)."""

    size: int
    faces: list[Tensor] = field(default_factory=list)

    def shown(self, painted: Tensor, rng: torch.Generator) -> Tensor:
        """Faces (B, 3, S, S), half of them exchanged for earlier ones once there are enough."""
        chosen = []
        for face in painted.detach():
            if len(self.faces) < self.size:
                self.faces.append(face.clone())
                chosen.append(face)
            elif torch.rand((), generator=rng) < 0.5:
                place = int(torch.randint(self.size, (), generator=rng))
                chosen.append(self.faces[place])
                self.faces[place] = face.clone()
            else:
                chosen.append(face)
        return torch.stack(chosen)
