"""A generator: one encoder that everybody shares and one decoder for each person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Code:
    """What faces do, as the encoder says it.

    drawn: (B, L, ...), what faces are painted by; mean, spread: the same shape, float32, of the
    normal distribution that it is drawn from, the spread as the logarithm of the variance; None
    where the encoder says the code itself.
    """

    drawn: Tensor
    mean: Tensor | None = None
    spread: Tensor | None = None

    @property
    def flat(self) -> Tensor:
        """What is said of each face, before any draw: (B, D), float32."""
        return (self.drawn if self.mean is None else self.mean).float().flatten(1)

    def split(self, counts: list[int]) -> Iterator["Code"]:
        """The codes of the first so many faces, of the next, and so on."""
        if self.mean is None or self.spread is None:
            return (Code(part) for part in torch.split(self.drawn, counts))
        every = (torch.split(each, counts) for each in (self.drawn, self.mean, self.spread))
        return (Code(*parts) for parts in zip(*every, strict=True))


@dataclass(frozen=True)
class Painted:
    """Faces as a decoder paints them, float32.

    image: (B, 3, H, W) in [-1, 1]; mask: (B, 1, H, W) in [0, 1], 1 = take the new face,
    None where the decoder paints no mask; sides: (B, 3, h, w) in [-1, 1], the same faces
    smaller, the smallest first, where the decoder paints on its way; code: by which they are
    painted, None where nobody has said.
    """

    image: Tensor
    mask: Tensor | None = None
    sides: tuple[Tensor, ...] = ()
    code: Code | None = None

    def laid(self, ground: Tensor) -> Tensor:
        """The faces laid over a picture (B, 3, H, W) by their masks; as they are without."""
        if self.mask is None:
            return self.image.float()
        return torch.lerp(ground, self.image.float(), self.mask.float())


class Generator(nn.Module):
    """Paints any face as one of the people that it learns.

    encoder: faces (B, 3, size, size) in [-1, 1] to codes (B, L, ...), or with twice as many
    channels to means and spreads of codes (Kingma and Welling 2014) where they are variational;
    unfold: codes to features (B, ...); decoders: for each person, features to `Painted`.
    landmarks: whether the encoder takes a fourth channel, in which they are drawn from 0 to 1.
    """

    def __init__(
        self,
        *,
        people: tuple[str, ...],
        size: int,
        encoder: nn.Module,
        decoders: Mapping[str, nn.Module],
        unfold: nn.Module | None = None,
        landmarks: bool = False,
        variational: bool = False,
    ) -> None:
        """Decoders for exactly these people, or ValueError."""
        super().__init__()
        if set(decoders) != set(people):
            raise ValueError(f"decoders for {sorted(decoders)}, but people are {sorted(people)}")
        self.people = people
        self.size = size
        self.landmarks = landmarks
        self.variational = variational
        self.encoder = encoder
        self.unfold = unfold or nn.Identity()
        self.decoders = nn.ModuleDict({_key(person): decoders[person] for person in people})

    def decoder(self, person: str) -> nn.Module:
        """The network that paints this person."""
        return self.decoders[_key(person)]

    def code(self, faces: Tensor) -> Code:
        """What the faces do, told apart from who they are; drawn at random while it learns.

        faces: as `forward` takes them.
        """
        if self.landmarks and faces.shape[1] == 3:
            faces = functional.pad(faces, (0, 0, 0, 0, 0, 1))
        said: Tensor = self.encoder(faces)
        if not self.variational:
            return Code(said)
        mean, spread = said.float().chunk(2, 1)
        if not self.training:
            return Code(mean, mean, spread)
        return Code(mean + (spread / 2).exp() * torch.randn_like(mean), mean, spread)

    def encode(self, faces: Tensor) -> Tensor:
        """Of what the faces do, the features that decoders are given."""
        features: Tensor = self.unfold(self.code(faces).drawn)
        return features

    def forward(self, faces: Tensor, person: str) -> Painted:
        """The faces (B, 3, size, size) painted as this person.

        Where the encoder takes landmarks, a fourth channel may have them; they are withheld where
        it is left out.
        """
        return next(iter(self.joint({person: faces}).values()))

    def joint(
        self, faces: Mapping[str, Tensor], become: Mapping[str, str] | None = None
    ) -> dict[str, Painted]:
        """Everybody's faces painted as themselves, or as whom they become; one encoder's pass."""
        counts = [len(own) for own in faces.values()]
        code = self.code(torch.cat(list(faces.values())))
        codes, features = code.split(counts), torch.split(self.unfold(code.drawn), counts)
        return {
            person: replace(self.decoder(become[person] if become else person)(part), code=own)
            for person, own, part in zip(faces, codes, features, strict=True)
        }


def _key(person: str) -> str:
    """A name that no attribute of ModuleDict can have, whatever the person is called."""
    return f"of_{person}"
