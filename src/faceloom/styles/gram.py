"""Style as correlations of features (Gatys et al. 2015, 1508.06576, equations 3 to 5)."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional


def gram(features: Tensor, other: Tensor | None = None) -> Tensor:
    """Correlations (B, C, D) of features (B, C, h, w) with others (B, D, y, x), or with themselves.

    The mean over places; others that are smaller are enlarged to the same size.
    """
    own = features.flatten(2)
    if other is None:
        return own @ own.transpose(1, 2) / own.shape[2]
    same = functional.interpolate(other, features.shape[2:]).flatten(2)
    return own @ same.transpose(1, 2) / own.shape[2]


def correlations(features: Mapping[str, Tensor], *, shift: float, chained: bool) -> list[Tensor]:
    """Every layer's correlations, or of each layer with the next.

    shift: added to features first: -1 keeps the matrix from being sparse; chained: between
    neighbouring layers (both: Novak and Nikulin 2016, 1605.04603, sections 3.2 and 3.4).
    """
    found = [each.float() + shift for each in features.values()]
    if not chained:
        return [gram(each) for each in found]
    return [gram(one, two) for one, two in zip(found[:-1], found[1:], strict=True)]


def apart(found: list[Tensor], wanted: list[Tensor], weights: list[float]) -> Tensor:
    """How far correlations are off, each layer's as a share of what is wanted, weighted."""
    shares = [
        weight * functional.mse_loss(one, other) / other.square().mean().clamp(min=1e-12)
        for one, other, weight in zip(found, wanted, weights, strict=True)
    ]
    return torch.stack(shares).sum() / sum(weights)


def roughness(pictures: Tensor, power: float = 1.25) -> Tensor:
    """Total variation: squared differences of neighbours to that power over 2, their mean."""
    down = pictures[:, :, 1:, :-1] - pictures[:, :, :-1, :-1]
    across = pictures[:, :, :-1, 1:] - pictures[:, :, :-1, :-1]
    return (down.square() + across.square() + 1e-8).pow(power / 2).mean()
