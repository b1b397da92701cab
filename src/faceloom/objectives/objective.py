"""What the two players of an adversarial training want."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Answers = Callable[[Tensor], Tensor]
"""A discriminator: faces (B, 3, S, S) to answers (B, 1, h, w)."""

Wish = Callable[[Answers, Tensor, Tensor, torch.Generator], Tensor]
"""What a player makes small: answers, real faces, painted faces, and draws on the CPU."""


@dataclass(frozen=True)
class Objective:
    """Both players' wishes. The discriminator's gets painted faces that have no history."""

    discriminator: Wish
    generator: Wish


def share(sharpness: float, rng: torch.Generator) -> float:
    """A draw from Beta(sharpness, sharpness), sharpness at most 1 (Johnk 1964)."""
    while True:
        logs = torch.rand(2, generator=rng, dtype=torch.float64).log() / sharpness
        if logs.exp().sum() <= 1:
            # In logarithms, as small powers would both be 0.
            return float(torch.softmax(logs, 0)[0])
