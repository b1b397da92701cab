"""A generator: one encoder that everybody shares and one decoder for each person."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Painted:
    """Faces as a decoder paints them, float32.

    image: (B, 3, H, W) in [-1, 1]; mask: (B, 1, H, W) in [0, 1], 1 = take the new face,
    None where the decoder paints no mask; sides: (B, 3, h, w) in [-1, 1], the same faces
    smaller, the smallest first, where the decoder paints on its way.
    """

    image: Tensor
    mask: Tensor | None = None
    sides: tuple[Tensor, ...] = ()

    def laid(self, ground: Tensor) -> Tensor:
        """The faces laid over a picture (B, 3, H, W) by their masks; as they are without."""
        if self.mask is None:
            return self.image.float()
        return torch.lerp(ground, self.image.float(), self.mask.float())


class Generator(nn.Module):
    """Paints any face as one of the people that it learns.

    encoder: faces (B, 3, size, size) in [-1, 1] to codes (B, ...);
    decoders: for each person, codes to `Painted`.
    """

    def __init__(
        self,
        *,
        people: tuple[str, ...],
        size: int,
        encoder: nn.Module,
        decoders: Mapping[str, nn.Module],
    ) -> None:
        """Decoders for exactly these people, or ValueError."""
        super().__init__()
        if set(decoders) != set(people):
            raise ValueError(f"decoders for {sorted(decoders)}, but people are {sorted(people)}")
        self.people = people
        self.size = size
        self.encoder = encoder
        self.decoders = nn.ModuleDict({_key(person): decoders[person] for person in people})

    def decoder(self, person: str) -> nn.Module:
        """The network that paints this person."""
        return self.decoders[_key(person)]

    def encode(self, faces: Tensor) -> Tensor:
        """What the faces do, told apart from who they are."""
        codes: Tensor = self.encoder(faces)
        return codes

    def forward(self, faces: Tensor, person: str) -> Painted:
        """The faces (B, 3, size, size) painted as this person."""
        painted: Painted = self.decoder(person)(self.encode(faces))
        return painted

    def joint(
        self, faces: Mapping[str, Tensor], become: Mapping[str, str] | None = None
    ) -> dict[str, Painted]:
        """Everybody's faces painted as themselves, or as whom they become; one encoder's pass."""
        codes = self.encode(torch.cat(list(faces.values())))
        parts = torch.split(codes, [len(own) for own in faces.values()])
        return {
            person: self.decoder(become[person] if become else person)(part)
            for person, part in zip(faces, parts, strict=True)
        }


def _key(person: str) -> str:
    """A name that no attribute of ModuleDict can have, whatever the person is called."""
    return f"of_{person}"
