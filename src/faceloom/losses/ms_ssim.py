"""ms_ssim: how different the structure is at several sizes (Wang, Simoncelli and Bovik 2003)."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from ..errors import FaceloomError
from ..models.generator import Painted
from ..training.batch import Batch
from .dssim import terms, window_of

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # section 3.2, the finest first
LEAST = 1e-4  # below zero a power has no value, and at zero no slope


def make(
    *, window: Literal["box", "gaussian"] = "gaussian", size: int = 11, scales: int = 3
) -> Callable[[Batch, Painted], Tensor]:
    """(1 - MS-SSIM) / 2, equation 7; the picture is halved from scale to scale.

    scales: 1 to 5, the paper's first weights, made to sum to 1. FaceloomError where the window
    (size, odd) does not fit the smallest picture.
    """
    kernel = window_of(window, size)
    weights = torch.tensor(WEIGHTS[:scales]) / sum(WEIGHTS[:scales])

    def loss(batch: Batch, painted: Painted) -> Tensor:
        image, target = ((colours.float() + 1) / 2 for colours in (painted.image, batch.target))
        fits(image.shape[-1], size, scales)
        similar = ms_ssim(image, target, kernel.to(target.device), weights.tolist())
        return (1 - similar.mean()) / 2

    return loss


def ms_ssim(one: Tensor, other: Tensor, kernel: Tensor, weights: list[float]) -> Tensor:
    """The similarity (B, C) of two pictures in [0, 1]."""
    product = torch.ones((), device=one.device)
    for scale, weight in enumerate(weights):
        if scale:
            one, other = functional.avg_pool2d(one, 2), functional.avg_pool2d(other, 2)
        luminance, numerator, denominator = terms(one, other, kernel)
        similar = (numerator / denominator).mean((2, 3))
        if scale == len(weights) - 1:
            similar = (luminance * numerator / denominator).mean((2, 3))
        product = product * similar.clamp_min(LEAST) ** weight
    return product


def fits(picture: int, window: int, scales: int) -> None:
    """FaceloomError where the window is larger than the smallest picture."""
    if picture >> (scales - 1) < window:
        raise FaceloomError(
            f"train.losses.ms_ssim: a window of {window} pixels does not fit a picture of "
            f"{picture} halved {scales - 1} times; try fewer scales or a smaller size"
        )
