"""small: a shared-encoder autoencoder that two CPU cores train in minutes.

Space-to-depth first, decoders that stop at half the resolution, and heads that paint four
pixels at once: a fifth of the arithmetic of the classic network of the same width.
"""

from torch import nn

from .generator import Generator
from .layers import SLOPE, Head, begin, biased, channels_last, double, halve

__all__ = ["biased", "make"]

STEM = 4  # pixels a side that the first layer sees as one


def make(
    *,
    people: tuple[str, ...],
    size: int = 64,
    width: int = 32,
    latent: int = 256,
    mask: bool = False,
) -> Generator:
    """A generator of about 4.4 million weights at its defaults.

    size: pixels a side, a multiple of 32; width: channels at half the size;
    latent: length of the code between the dense layers; mask: whether decoders paint one too.
    """
    if size % 32:
        raise ValueError(f"size {size} is not a multiple of 32")
    halvings = (size // (4 * STEM)).bit_length() - 1
    wide = [min(2 ** (1 + level), 8) * width for level in range(halvings + 1)]
    generator = Generator(
        people=people,
        size=size,
        encoder=_encoder(wide, size // STEM >> halvings, latent),
        decoders={person: _decoder([*wide[-2::-1], width], mask) for person in people},
    )
    return channels_last(begin(generator))


def _encoder(wide: list[int], grid: int, latent: int) -> nn.Sequential:
    top = wide[-1]
    return nn.Sequential(
        nn.PixelUnshuffle(STEM),
        nn.Conv2d(3 * STEM**2, wide[0], 3, padding=1),
        nn.LeakyReLU(SLOPE),
        *(halve(before, after, 3) for before, after in zip(wide, wide[1:], strict=False)),
        nn.Flatten(),
        nn.Linear(top * grid**2, latent),
        nn.Linear(latent, top * grid**2),
        nn.Unflatten(1, (top, grid, grid)),
        double(top, wide[-2]),
    )


def _decoder(wide: list[int], mask: bool) -> nn.Sequential:
    return nn.Sequential(
        *(double(before, after) for before, after in zip(wide, wide[1:], strict=False)),
        Head(wide[-1], kernel=3, scale=2, mask=mask),
    )
