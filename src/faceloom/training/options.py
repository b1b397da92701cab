"""How to train, and how far it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from ..models.generator import Painted
from .batch import Batch

Loss = Callable[[Batch, Painted], Tensor]
Losses = Mapping[str, tuple[float, Loss]]
"""By name, each with its weight; what weighs nothing is not computed."""


@dataclass(frozen=True)
class Options:
    """How to train.

    batch: faces of each person a step; rate: peak learning rate of Adam; clip: longest
    gradient, of each player; decay: so many times the weights' squares are added to what each
    player makes small, None = not; average: the share that weights keep of their average each
    step, None = no average; warmup: steps; flat: share of steps before the rate falls; threads:
    of the CPU, they change the last bits; save_every, preview_every: steps, None = never.
    """

    steps: int = 2000
    batch: int = 16
    rate: float = 7e-4
    betas: tuple[float, float] = (0.9, 0.99)
    clip: float = 1.0
    decay: float | None = None
    average: float | None = None
    warmup: int = 50
    flat: float = 0.5
    seed: int = 0
    threads: int = 2
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    save_every: int | None = 250
    preview_every: int | None = None


@dataclass(frozen=True)
class Progress:
    """How far training is: steps done of all, mean losses lately, faces a second."""

    step: int
    steps: int
    losses: dict[str, float]
    samples_per_second: float
    seconds_left: float
