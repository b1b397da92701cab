"""v21: faceswap-GAN v2.1: half of what is painted by is everybody's, half is each person's own."""

import torch
from torch import Tensor, nn

from .blocks import dense, normal, up
from .generator import Generator
from .layers import channels_last
from .v1 import SLOPE, halvings
from .v1 import decoder as painting

NARROW = 1024  # what heads say between their dense layers, at full width


def make(
    *,
    people: tuple[str, ...],
    size: int = 64,
    width: int = 64,
    mask: bool = True,
    landmarks: bool = False,
    variational: bool = False,
) -> Generator:
    """5x5 first, four 3x3 halvings; a head for all and a head for each; v1's decoders behind both.

    size: pixels a side, a multiple of 16; width: channels of the first layer; mask: whether
    decoders paint one too; landmarks, variational: as `Generator` has them.
    """
    if size % 16:
        raise ValueError(f"size {size} is not a multiple of 16")
    grid = size // 16
    generator = Generator(
        people=people,
        size=size,
        encoder=nn.Sequential(*halvings(width, 3 + landmarks, (1 + variational) * 16 * width)),
        unfold=Shared(Head(grid, width)),
        decoders={person: Own(Head(grid, width), painter(width, mask=mask)) for person in people},
        landmarks=landmarks,
        variational=variational,
    )
    normal(generator, 0.02 * (64 / width) ** 0.5)  # at another width as much of the signal passes
    return channels_last(generator)


def painter(width: int, *, mask: bool) -> nn.Sequential:
    """What both heads say, side by side, to faces."""
    return nn.Sequential(
        up(16 * width, 8 * width, slope=SLOPE, bias=False), *painting(width, mask=mask)
    )


class Head(nn.Module):
    """Codes to features of half their depth, by dense layers over all of a face."""

    def __init__(self, grid: int, width: int) -> None:
        """grid: pixels a side."""
        super().__init__()
        narrow, every = NARROW * width // 64, 16 * width * grid**2
        self.layers = nn.Sequential(
            nn.Flatten(),
            dense(every, narrow),
            nn.LayerNorm(narrow),
            nn.LeakyReLU(SLOPE),
            dense(narrow, narrow),
            dense(narrow, every // 2),
            nn.Unflatten(1, (8 * width, grid, grid)),
        )

    def forward(self, codes: Tensor) -> Tensor:
        """(B, 16 width, grid, grid) to (B, 8 width, grid, grid)."""
        said: Tensor = self.layers(codes)
        return said


class Shared(nn.Module):
    """What is said of everybody alike, with the code that it is said of."""

    def __init__(self, head: Head) -> None:
        """head: everybody's."""
        super().__init__()
        self.head = head

    def forward(self, codes: Tensor) -> Tensor:
        """(B, 16 width, …) to (B, 24 width, …)."""
        return torch.cat([codes, self.head(codes)], 1)


class Own(nn.Module):
    """A person's head and decoder."""

    def __init__(self, head: Head, layers: nn.Module) -> None:
        """layers: from what both heads say."""
        super().__init__()
        self.head, self.layers = head, layers

    def forward(self, said: Tensor) -> object:
        """What `Shared` says, to faces."""
        deep = said.shape[1] // 3
        codes, shared = torch.split(said, [2 * deep, deep], 1)
        return self.layers(torch.cat([shared, self.head(codes)], 1))
