"""small: a shared-encoder autoencoder that two CPU cores train in minutes.

Space-to-depth first, a dense layer straight to an eighth of the size, decoders that stop at
half of it, and heads that paint four pixels at once: a seventh of the arithmetic of the classic
network of the same width.
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
    landmarks: bool = False,
    variational: bool = False,
) -> Generator:
    """A generator of 3.6 million weights at its defaults.

    size: pixels a side, a multiple of 32; width: channels at half the size;
    latent: length of the code between the dense layers; mask: whether decoders paint one too;
    landmarks, variational: as `Generator` has them.
    """
    if size % 32:
        raise ValueError(f"size {size} is not a multiple of 32")
    generator = Generator(
        people=people,
        size=size,
        encoder=_encoder(size, width, (1 + variational) * latent, 3 + landmarks),
        unfold=_unfold(size, width, latent),
        decoders={person: _decoder(width, mask) for person in people},
        landmarks=landmarks,
        variational=variational,
    )
    return channels_last(begin(generator))


def _encoder(size: int, width: int, latent: int, channels: int) -> nn.Sequential:
    """From faces to a code of that length."""
    top, grid = 4 * width, size // STEM
    layers: list[nn.Module] = [
        nn.PixelUnshuffle(STEM),
        nn.Conv2d(channels * STEM**2, 2 * width, 3, padding=1),
        nn.LeakyReLU(SLOPE),
        halve(2 * width, top, 3),
    ]
    grid //= 2
    while grid >= 8:
        layers.append(halve(top, top, 3))
        grid //= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(top * grid**2, latent))


def _unfold(size: int, width: int, latent: int) -> nn.Sequential:
    """From codes to features at an eighth of the size."""
    top = 4 * width
    return nn.Sequential(
        nn.Linear(latent, top * (size // 8) ** 2),
        nn.LeakyReLU(SLOPE),
        nn.Unflatten(1, (top, size // 8, size // 8)),
    )


def _decoder(width: int, mask: bool) -> nn.Sequential:
    return nn.Sequential(
        double(4 * width, 2 * width),
        double(2 * width, width),
        Head(width, kernel=3, scale=2, mask=mask),
    )
