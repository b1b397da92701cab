"""lsgan: answers towards 1 for real faces and 0 for painted ones (Mao et al. 2017, equation 9)."""

import torch
from torch import Tensor

from .objective import Answers, Objective


def make() -> Objective:
    """Half the mean squares of what answers are off."""
    return Objective(_discriminator, _generator)


def _discriminator(answers: Answers, real: Tensor, fake: Tensor, _rng: torch.Generator) -> Tensor:
    return (answers(real) - 1).square().mean() / 2 + answers(fake).square().mean() / 2


def _generator(answers: Answers, _real: Tensor, fake: Tensor, _rng: torch.Generator) -> Tensor:
    return (answers(fake) - 1).square().mean() / 2
