"""hinge: answers beyond 1 and -1 are good enough (Lim and Ye 2017; Miyato et al. 2018, eq. 16)."""

import torch
from torch import Tensor

from .objective import Answers, Objective


def make() -> Objective:
    """The discriminator's means of max(0, 1 - real) and max(0, 1 + fake); the generator's -fake."""
    return Objective(_discriminator, _generator)


def _discriminator(answers: Answers, real: Tensor, fake: Tensor, _rng: torch.Generator) -> Tensor:
    return (1 - answers(real)).relu().mean() + (1 + answers(fake)).relu().mean()


def _generator(answers: Answers, _real: Tensor, fake: Tensor, _rng: torch.Generator) -> Tensor:
    return -answers(fake).mean()
