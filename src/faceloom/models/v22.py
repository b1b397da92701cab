"""v22: the generator of faceswap-GAN v2.2, for 64, 128 and 256 pixels.

Self-attention, a norm after each activation, smaller pictures painted on the way to 128 and 256,
and two capacities: `lite` has half the channels, a quarter of the deepest, and grows pictures by
repeating pixels.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from torch import Tensor, nn

from .blocks import (
    Attention,
    Norm,
    Residual,
    convolution,
    dense,
    down,
    painter,
    up,
    up_nearest,
)
from .generator import Generator, Painted
from .layers import channels_last

Larger = Callable[..., nn.Sequential]
GRID = 4  # pixels a side before the bottleneck
FINE = 64  # pixels a side that every decoder reaches; each doubling more paints on its way


def make(
    *,
    people: tuple[str, ...],
    size: int = 64,
    capacity: Literal["standard", "lite"] = "standard",
    norm: Norm = "instance",
    attention: bool = True,
    bottleneck: Literal["dense", "conv"] = "dense",
    width: int = 64,
    mask: bool = True,
    landmarks: bool = False,
    variational: bool = False,
) -> Generator:
    """A generator of that size, 64 times a power of two.

    bottleneck: two dense layers, or strided convolutions to one pixel and one back to 4x4; width:
    channels of the first layer; mask: whether decoders paint one too; landmarks, variational: as
    `Generator` has them.
    """
    if size < FINE or size & (size - 1):
        raise ValueError(f"size {size} is not {FINE} times a power of two")
    lite = capacity == "lite"
    narrow, deepest = (width // 2, 4 * width) if lite else (width, 16 * width)
    larger: Larger = up_nearest if lite else up
    latent = 32 * width if lite and size > FINE else 16 * width
    generator = Generator(
        people=people,
        size=size,
        encoder=nn.Sequential(
            *_seen(size, narrow, deepest, norm, attention, channels=3 + landmarks),
            *_told(deepest, (1 + variational) * latent, bottleneck),
        ),
        unfold=nn.Sequential(
            *_opened(deepest, latent, bottleneck), larger(deepest, 8 * narrow, by=norm)
        ),
        decoders={
            person: Decoder(size, narrow, larger, by=norm, attention=attention, mask=mask)
            for person in people
        },
        landmarks=landmarks,
        variational=variational,
    )
    return channels_last(generator)


def _seen(
    size: int, narrow: int, deepest: int, by: Norm, attention: bool, *, channels: int
) -> list[nn.Module]:
    """Faces to features of 4x4."""
    layers: list[nn.Module] = [
        convolution(channels, narrow, 5),
        down(narrow, 2 * narrow),
        down(2 * narrow, 4 * narrow, by=by),
        *([Attention(4 * narrow)] if attention else []),
        down(4 * narrow, 8 * narrow, by=by),
        *([Attention(8 * narrow)] if attention else []),
        down(8 * narrow, deepest, by=by),
    ]
    grid = size // 16
    while grid > GRID:
        layers.append(down(deepest, deepest, by=by))
        grid //= 2
    return layers


def _told(deepest: int, latent: int, bottleneck: Literal["dense", "conv"]) -> list[nn.Module]:
    """Features of 4x4 to codes."""
    if bottleneck == "conv":  # no norm: of a single pixel nothing would be left
        return [down(deepest, deepest), down(deepest, latent)]
    return [nn.Flatten(), dense(deepest * GRID**2, latent)]


def _opened(deepest: int, latent: int, bottleneck: Literal["dense", "conv"]) -> list[nn.Module]:
    """Codes to features of 4x4."""
    if bottleneck == "conv":
        back = nn.ConvTranspose2d(latent, deepest, GRID)
        nn.init.normal_(back.weight, 0, latent**-0.5)
        return [back]
    return [dense(latent, deepest * GRID**2), nn.Unflatten(1, (deepest, GRID, GRID))]


class Decoder(nn.Module):
    """Features of 8x8 to faces, and to smaller ones on the way from 64 pixels on."""

    def __init__(
        self, size: int, narrow: int, larger: Larger, *, by: Norm, attention: bool, mask: bool
    ) -> None:
        """Build it for faces of that size."""
        super().__init__()
        self.body = nn.Sequential(
            larger(8 * narrow, 4 * narrow, by=by),
            larger(4 * narrow, 2 * narrow, by=by),
            *([Attention(2 * narrow)] if attention else []),
            larger(2 * narrow, narrow, by=by),
            Residual(narrow),
            Attention(narrow) if attention else down(narrow, narrow, stride=1),
        )
        octaves = range((size // FINE).bit_length() - 1)
        self.sides = nn.ModuleList(painter(narrow, mask=False) for _ in octaves)
        self.steps = nn.ModuleList(
            nn.Sequential(larger(narrow, narrow, by=by), down(narrow, narrow, stride=1))
            for _ in octaves
        )
        self.head = painter(narrow, mask=mask)

    def forward(self, codes: Tensor) -> Painted:
        """Faces of the size, and of 64 pixels and each doubling below it."""
        features = self.body(codes)
        sides = []
        for side, step in zip(self.sides, self.steps, strict=True):
            sides.append(side(features).image)
            features = step(features)
        painted: Painted = self.head(features)
        return replace(painted, sides=tuple(sides))
