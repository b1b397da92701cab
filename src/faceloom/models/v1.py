"""v1: the generator of faceswap-GAN of December 2017; sub-pixel decoders with residual blocks."""

from collections.abc import Iterator

from torch import nn

from .blocks import Residual, convolution, dense, down, normal, painter, up
from .generator import Generator
from .layers import channels_last

SLOPE = 0.1  # of the leaky ReLUs below zero, where pictures grow


def make(
    *,
    people: tuple[str, ...],
    size: int = 64,
    width: int = 64,
    latent: int = 1024,
    mask: bool = False,
    landmarks: bool = False,
    variational: bool = False,
) -> Generator:
    """5x5 first, four 3x3 halvings, two dense layers, four doublings, 5x5 last.

    size: pixels a side, a multiple of 16; width: channels of the first layer; latent: length of
    the code between the dense layers; mask: whether decoders paint one too; landmarks,
    variational: as `Generator` has them.
    """
    if size % 16:
        raise ValueError(f"size {size} is not a multiple of 16")
    generator = Generator(
        people=people,
        size=size,
        encoder=encoder(size // 16, width, (1 + variational) * latent, 3 + landmarks),
        unfold=unfold(size // 16, width, latent),
        decoders={person: decoder(width, mask=mask) for person in people},
        landmarks=landmarks,
        variational=variational,
    )
    normal(generator, 0.02 * (64 / width) ** 0.5)  # at another width as much of the signal passes
    return channels_last(generator)


def encoder(grid: int, width: int, latent: int, channels: int) -> nn.Sequential:
    """Faces to codes; grid: pixels a side before the dense layers."""
    return nn.Sequential(
        *halvings(width, channels, 16 * width), nn.Flatten(), dense(16 * width * grid**2, latent)
    )


def halvings(width: int, channels: int, deep: int) -> Iterator[nn.Module]:
    """Faces to features so deep at a sixteenth of their size."""
    wide = [width, 2 * width, 4 * width, 8 * width, deep]
    yield convolution(channels, width, 5)
    for before, after in zip(wide, wide[1:], strict=False):
        yield down(before, after)


def unfold(grid: int, width: int, latent: int) -> nn.Sequential:
    """Codes to features at an eighth of faces' size."""
    top = 16 * width
    return nn.Sequential(
        dense(latent, top * grid**2),
        nn.Unflatten(1, (top, grid, grid)),
        up(top, top // 2, slope=SLOPE, bias=False),
    )


def decoder(width: int, *, mask: bool) -> nn.Sequential:
    """Features at an eighth of the size to faces."""
    narrow = [8 * width, 4 * width, 2 * width, width]
    return nn.Sequential(
        *(
            up(before, after, slope=SLOPE, bias=False)
            for before, after in zip(narrow, narrow[1:], strict=False)
        ),
        Residual(width),
        Residual(width),
        painter(width, mask=mask),
    )
