"""Looking at faces that were held out, every now and then: the best weights by them are kept."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..models.generator import Generator
from . import together

Scores = dict[str, float]


@dataclass(frozen=True)
class Watch:
    """What is looked at, how often, and for how long without a better one.

    scores: of a generator, by name, the less the better; what counts is "score"; every: steps;
    patience: so many looks in a row that are no better end the training, None = none does.
    """

    scores: Callable[[Generator], Scores]
    every: int
    patience: int | None = None

    def due(self, step: int) -> bool:
        """Whether it is time to look."""
        return step % self.every == 0

    def tired(self, best: "Best | None", step: int) -> bool:
        """Whether there was nothing better for too long."""
        if best is None or self.patience is None:
            return False
        return step - best.step >= self.patience * self.every

    def look(self, generator: Generator, step: int, before: "Best | None") -> "tuple[Best, Scores]":
        """The best there is now, and what was seen; every process hears of what the first saw."""
        found = together.of_first(lambda: self.scores(generator))
        if before is not None and not found["score"] < before.score:
            return before, found
        weights = {name: each.cpu().clone() for name, each in generator.state_dict().items()}
        return Best(step, found["score"], weights), found


@dataclass(frozen=True)
class Best:
    """The weights that did best, after which step, and how well."""

    step: int
    score: float
    weights: dict[str, Tensor]

    def wear(self, generator: Generator) -> None:
        """The generator has these weights from now on."""
        with torch.no_grad():
            generator.load_state_dict(self.weights)
