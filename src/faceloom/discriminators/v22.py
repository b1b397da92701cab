"""v22: the discriminator of faceswap-GAN v2.2: halvings down to 8x8, with self-attention."""

from torch import nn

from ..models import blocks
from ..models.blocks import Attention, Norm
from .discriminator import Discriminator, halving, judging

GRID = 8  # patches a side


def make(
    *,
    size: int,
    width: int = 64,
    norm: Norm = "instance",
    attention: bool = True,
    pairs: bool = True,
) -> Discriminator:
    """4x4 convolutions of width, 2 width and then 4 width channels, down to 8x8; then one.

    size: of the faces, 64 times a power of two; norm: after each but the first.
    """
    if size < 8 * GRID or size & (size - 1):
        raise ValueError(f"size {size} is not {8 * GRID} times a power of two")
    layers = halving(6 if pairs else 3, width)
    grid, channels = size // 2, width
    while grid > GRID:
        wider = min(2 * channels, 4 * width)
        layers += [*halving(channels, wider), blocks.norm(norm, wider)]
        grid, channels = grid // 2, wider
        if attention and channels == 4 * width:
            layers.append(Attention(channels))
    return Discriminator(nn.Sequential(*layers, judging(channels, bias=True)), pairs=pairs)
