"""Style as statistics of features: means and spreads, or all of their covariance."""

import torch
from torch import Tensor

TINY = 1e-5


def adapted(content: Tensor, style: Tensor) -> Tensor:
    """Content (B, C, h, w) with each channel's mean and spread of the style (B, C, y, x).

    AdaIN: Huang and Belongie 2017, 1703.06868, equation 8.
    """
    middle, spread = content.mean((2, 3), keepdim=True), content.std((2, 3), keepdim=True)
    goal, wide = style.mean((2, 3), keepdim=True), style.std((2, 3), keepdim=True)
    return (content - middle) / (spread + TINY) * wide + goal


def whitened(features: Tensor, cut: float) -> tuple[Tensor, Tensor]:
    """Features (C, N), each channel of mean 0, without correlations, and their means (C, 1).

    Directions with less variance than `cut` are left out.
    """
    middle = features.mean(dim=1, keepdim=True)
    level = features - middle
    values, vectors = spectrum(level)
    kept = values > cut
    own = vectors[:, kept]
    return own @ (values[kept].rsqrt()[:, None] * (own.T @ level)), middle


def coloured(white: Tensor, style: Tensor, cut: float) -> Tensor:
    """White features (C, N) with the style's (C, M) means and covariance."""
    middle = style.mean(dim=1, keepdim=True)
    values, vectors = spectrum(style - middle)
    kept = values > cut
    own = vectors[:, kept]
    return own @ (values[kept].sqrt()[:, None] * (own.T @ white)) + middle


def transformed(content: Tensor, style: Tensor, cut: float) -> Tensor:
    """Content (C, N) with means and covariance of the style (C, M).

    The whitening and colouring transform: Li et al. 2017, 1705.08086, section 3.2. Of a symmetric
    matrix eigenvalues are singular values; they are found in float64, for speed and for safety.
    """
    return coloured(whitened(content, cut)[0], style, cut)


def spectrum(level: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues and eigenvectors of the covariance of features (C, N) whose means are 0."""
    covariance = (level @ level.T / (level.shape[1] - 1)).double()
    values, vectors = torch.linalg.eigh(covariance)
    return values.clamp(min=0).float(), vectors.float()
