"""v1: the discriminator of faceswap-GAN v1 and, with pairs, of v2: three halvings."""

from torch import nn

from ..models.blocks import normal
from .discriminator import Discriminator, halving, judging


def make(*, size: int, width: int = 64, pairs: bool = True, bounded: bool = False) -> Discriminator:
    """4x4 convolutions of width, 2 width and 4 width channels, then one.

    size: of the faces, a multiple of 8; pairs: whether it sees the generator's input, as v2's
    does; bounded: whether answers end in a sigmoid, from 0 to 1.
    """
    if size % 8:
        raise ValueError(f"size {size} is not a multiple of 8")
    inputs = 6 if pairs else 3
    layers = nn.Sequential(
        *halving(inputs, width),
        *halving(width, 2 * width),
        *halving(2 * width, 4 * width),
        judging(4 * width, bias=False),
        *([nn.Sigmoid()] if bounded else []),
    )
    normal(layers, 0.02 * (64 / width) ** 0.5)  # at another width as much of the signal passes
    return Discriminator(layers, pairs=pairs)
