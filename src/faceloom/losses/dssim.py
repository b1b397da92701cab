"""dssim: how different the structure is (SSIM, Wang et al. 2004), mostly inside the face."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from ..models.generator import Painted
from ..training.batch import Batch

SIGMA = 1.5  # pixels, of the gaussian window
STEADY = (0.01**2, 0.03**2)  # section III.B, for colours from 0 to 1


def make(
    *, window: Literal["box", "gaussian"] = "box", size: int = 5, background: float = 0.1
) -> Callable[[Batch, Painted], Tensor]:
    """(1 - SSIM) / 2 in [0, 1], averaged where the whole window (size, odd) fits the picture.

    background: what counts outside the face mask, relative to inside.
    """
    kernel = window_of(window, size)
    edge = size // 2

    def loss(batch: Batch, painted: Painted) -> Tensor:
        # Means below zero would turn the luminance term round: colours from 0 to 1 here.
        image, target = ((colours.float() + 1) / 2 for colours in (painted.image, batch.target))
        similar = ssim(image, target, kernel.to(target.device))
        mask = batch.mask[:, :, edge:-edge, edge:-edge]
        weight = background + (1 - background) * mask
        weighted = (similar.mean(1, keepdim=True) * weight).sum((1, 2, 3))
        return (1 - (weighted / weight.sum((1, 2, 3)).clamp_min(1e-6)).mean()) / 2

    return loss


def ssim(one: Tensor, other: Tensor, kernel: Tensor) -> Tensor:
    """The similarity map (B, C, H - k + 1, W - k + 1) of two pictures in [0, 1].

    kernel: (k, k), sums to 1.
    """
    luminance, numerator, denominator = terms(one, other, kernel)
    return luminance * numerator / denominator


def terms(one: Tensor, other: Tensor, kernel: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Luminance, and contrast and structure as a fraction: the factors of `ssim`, as maps.

    All five moments come from one depthwise convolution.
    """
    with torch.autocast(one.device.type, enabled=False):
        stacked = torch.cat([one, other, one * one, other * other, one * other], 1)
        filters = kernel.expand(stacked.shape[1], 1, *kernel.shape)
        moments = functional.conv2d(stacked, filters, groups=stacked.shape[1])
    mean, mean_other, square, square_other, product = moments.chunk(5, 1)
    variances = square - mean**2 + square_other - mean_other**2
    covariance = product - mean * mean_other
    luminance = (2 * mean * mean_other + STEADY[0]) / (mean**2 + mean_other**2 + STEADY[0])
    return luminance, 2 * covariance + STEADY[1], variances + STEADY[1]


def window_of(kind: Literal["box", "gaussian"], size: int) -> Tensor:
    """Weights (size, size) that sum to 1; ValueError where size is even."""
    if size % 2 == 0 or size < 3:
        raise ValueError(f"window size {size} is not odd and at least 3")
    if kind == "box":
        return torch.full((size, size), 1 / size**2)
    bell = torch.exp(-((torch.arange(size) - size // 2) ** 2) / (2 * SIGMA**2))
    return torch.outer(bell, bell) / bell.sum() ** 2
