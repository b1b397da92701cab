"""What all critics are: small networks over codes, and what each of the two players wants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

SLOPE = 0.2  # of the leaky ReLUs below zero

Wish = Callable[[Mapping[str, Tensor], torch.Generator], Tensor]
"""What a player makes small: everybody's codes (B, D) by person, and draws on the CPU."""


@dataclass(frozen=True)
class Codes:
    """What a critic is shown: whose codes, and how many numbers each has."""

    people: tuple[str, ...]
    length: int


@dataclass(frozen=True)
class Critic:
    """A network over codes.

    critic: its own wish, it gets codes that have no history; encoder: the encoder's, in which the
    network does not learn.
    """

    network: nn.Module
    critic: Wish
    encoder: Wish


class Dense(nn.Sequential):
    """Codes (B, D) to answers (B, outputs), float32, through dense layers of these widths."""

    def __init__(self, length: int, widths: tuple[int, ...], outputs: int) -> None:
        """Begun after He et al. 2015 (section 2.2), the last layer at zero."""
        layers: list[nn.Module] = []
        before = length
        for width in widths:
            made = nn.Linear(before, width)
            nn.init.kaiming_normal_(made.weight, a=SLOPE)
            nn.init.zeros_(made.bias)
            layers += [made, nn.LeakyReLU(SLOPE)]
            before = width
        last = nn.Linear(before, outputs)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        super().__init__(*layers, last)


def directed(codes: Tensor) -> Tensor:
    """Codes (B, D) as directions, of length sqrt(D): how large they are does not tell."""
    lying: Tensor = functional.normalize(codes, dim=1) * codes.shape[1] ** 0.5
    return lying
