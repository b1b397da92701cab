"""v1: the generator of faceswap-GAN of December 2017; sub-pixel decoders with residual blocks."""

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
) -> Generator:
    """5x5 first, four 3x3 halvings, two dense layers, four doublings, 5x5 last.

    size: pixels a side, a multiple of 16; width: channels of the first layer; latent: length of
    the code between the dense layers; mask: whether decoders paint one too.
    """
    if size % 16:
        raise ValueError(f"size {size} is not a multiple of 16")
    generator = Generator(
        people=people,
        size=size,
        encoder=encoder(size // 16, width, latent),
        decoders={person: decoder(width, mask=mask) for person in people},
    )
    normal(generator, 0.02 * (64 / width) ** 0.5)  # at another width as much of the signal passes
    return channels_last(generator)


def encoder(grid: int, width: int, latent: int) -> nn.Sequential:
    """Faces to features at an eighth of their size; grid: pixels a side before the dense layers."""
    wide = [width * 2**step for step in range(5)]
    top = wide[-1]
    return nn.Sequential(
        convolution(3, width, 5),
        *(down(before, after) for before, after in zip(wide, wide[1:], strict=False)),
        nn.Flatten(),
        dense(top * grid**2, latent),
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
