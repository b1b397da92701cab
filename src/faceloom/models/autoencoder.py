"""autoencoder: the classic deepfakes network of 2017, 82 million weights at 64 pixels."""

from torch import nn

from .generator import Generator
from .layers import Head, begin, double, halve

WIDE = (128, 256, 512, 1024)


def make(
    *,
    people: tuple[str, ...],
    size: int = 64,
    latent: int = 1024,
    mask: bool = False,
    landmarks: bool = False,
    variational: bool = False,
) -> Generator:
    """Four 5x5 halvings to 1024 channels, two dense layers, four doublings, 5x5 out.

    size: pixels a side, a multiple of 16; latent: length of the code between the dense
    layers; mask: whether decoders paint one too; landmarks, variational: as `Generator` has them.
    """
    if size % 16:
        raise ValueError(f"size {size} is not a multiple of 16")
    grid = size // 16
    generator = Generator(
        people=people,
        size=size,
        encoder=_encoder(grid, (1 + variational) * latent, 3 + landmarks),
        unfold=_unfold(grid, latent),
        decoders={person: _decoder(mask) for person in people},
        landmarks=landmarks,
        variational=variational,
    )
    return begin(generator)


def _encoder(grid: int, latent: int, channels: int) -> nn.Sequential:
    return nn.Sequential(
        *(halve(before, after, 5) for before, after in zip((channels, *WIDE), WIDE, strict=False)),
        nn.Flatten(),
        nn.Linear(WIDE[-1] * grid**2, latent),
    )


def _unfold(grid: int, latent: int) -> nn.Sequential:
    top = WIDE[-1]
    return nn.Sequential(
        nn.Linear(latent, top * grid**2),
        nn.Unflatten(1, (top, grid, grid)),
        double(top, 512),
    )


def _decoder(mask: bool) -> nn.Sequential:
    return nn.Sequential(
        double(512, 256), double(256, 128), double(128, 64), Head(64, kernel=5, scale=1, mask=mask)
    )
