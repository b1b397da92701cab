"""3x3 convolutions with a quarter of the products: Winograd's minimal filtering.

F(4x4, 3x3) of Lavin and Gray (2016, 1509.09308, section 4): tiles of 6x6 are transformed,
multiplied and transformed back, as products of matrices. For networks that learn nothing more;
gradients flow to what they see.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

TILE, STEP = 6, 4  # pixels of a tile, and of what it gives
WORTH = 128, 256  # channels on either side from which on a processor gains more than it transforms
INPUT = (
    (4, 0, -5, 0, 1, 0),
    (0, -4, -4, 1, 1, 0),
    (0, 4, -4, -1, 1, 0),
    (0, -2, -1, 2, 1, 0),
    (0, 2, -1, -2, 1, 0),
    (0, 4, 0, -5, 0, 1),
)
KERNEL = (
    (1 / 4, 0, 0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0, 0, 1),
)
OUTPUT = ((1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1))


def both_ways(matrix: tuple[tuple[float, ...], ...]) -> Tensor:
    """The transform of rows and columns at once."""
    one = torch.tensor(matrix, dtype=torch.float64)
    return torch.kron(one, one).float()


TO_TILES, FROM_TILES = both_ways(INPUT), both_ways(OUTPUT)


class Fewer(nn.Module):
    """What a taught 3x3 convolution of stride 1 gives, to a rounding, with fewer products."""

    def __init__(self, taught: nn.Conv2d) -> None:
        """Take over its kernels, which do not change any more."""
        super().__init__()
        self.taught = taught
        self.mode = "constant" if taught.padding_mode == "zeros" else taught.padding_mode

    @cached_property
    def ahead(self) -> Tensor:
        """The kernels (36, K, C) for what is seen."""
        return transformed(self.taught.weight)

    @cached_property
    def back(self) -> Tensor:
        """The kernels (36, C, K) for slopes."""
        return transformed(self.taught.weight.flip(2, 3).transpose(0, 1))

    def forward(self, seen: Tensor) -> Tensor:
        """Features (B, C, H, W) to (B, K, H, W)."""
        padded = functional.pad(seen, (1, 1, 1, 1), mode=self.mode)
        made: Tensor = Filtered.apply(padded, self)  # type: ignore[no-untyped-call]
        return made if self.taught.bias is None else made + self.taught.bias[:, None, None]


def worth_it(convolution: nn.Conv2d) -> bool:
    """Whether a processor is sooner done with fewer products of this convolution."""
    widths = sorted((convolution.in_channels, convolution.out_channels))
    plain = convolution.stride == (1, 1) == convolution.padding and convolution.groups == 1
    return (
        plain
        and convolution.kernel_size == (3, 3)
        and all(width >= least for width, least in zip(widths, WORTH, strict=True))
    )


class Filtered(torch.autograd.Function):
    """The filters of a layer over what is padded already."""

    @staticmethod
    def forward(ctx: Any, padded: Tensor, layer: Fewer) -> Tensor:
        """(B, C, H + 2, W + 2) to (B, K, H, W)."""
        ctx.layer = layer
        return filtered(padded, layer.ahead)

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, None]:
        """The slope of what was padded."""
        return filtered(functional.pad(slopes[0], (2, 2, 2, 2)), ctx.layer.back), None


def transformed(kernels: Tensor) -> Tensor:
    """Kernels (K, C, 3, 3) as they are multiplied, (36, K, C)."""
    one = torch.tensor(KERNEL, dtype=torch.float64, device=kernels.device)
    wide = torch.einsum("ab,kcbd,ed->aekc", one, kernels.detach().double(), one)
    return wide.reshape(TILE * TILE, *kernels.shape[:2]).float().contiguous()


def filtered(seen: Tensor, kernels: Tensor) -> Tensor:
    """All places (B, K, H - 2, W - 2) of what is seen (B, C, H, W) under kernels (36, K, C)."""
    batch, channels, height, width = seen.shape
    down, across = -(-(height - 2) // STEP), -(-(width - 2) // STEP)
    more = (0, across * STEP + 2 - width, 0, down * STEP + 2 - height)
    tiles = functional.pad(seen, more).unfold(2, TILE, STEP).unfold(3, TILE, STEP)
    flat = tiles.permute(4, 5, 1, 0, 2, 3).reshape(TILE * TILE, -1)
    inner = (TO_TILES.to(seen) @ flat).reshape(TILE * TILE, channels, -1)
    products = torch.bmm(kernels, inner)
    outer = FROM_TILES.to(seen) @ products.flatten(1)
    laid = outer.reshape(STEP, STEP, kernels.shape[1], batch, down, across)
    whole = laid.permute(3, 2, 4, 0, 5, 1).reshape(batch, -1, down * STEP, across * STEP)
    return whole[..., : height - 2, : width - 2]
