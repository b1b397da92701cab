"""wgan_gp: answers as far apart as a slope of 1 allows (Gulrajani et al. 2017, equation 3)."""

import torch
from torch import Tensor

from .objective import Answers, Objective


def make(*, penalty: float = 10.0) -> Objective:
    """Mean answers to painted less those to real faces; the slope's error squared, `penalty` times.

    The slope is that of each face's mean answer, at a random place between a real face and a
    painted one.
    """

    def slope_error(answers: Answers, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
        shares = torch.rand(len(real), 1, 1, 1, generator=rng).to(real)
        between = torch.lerp(real, fake, shares).requires_grad_()
        answered = answers(between).mean((1, 2, 3)).sum()
        (slope,) = torch.autograd.grad(answered, between, create_graph=True)
        error: Tensor = (slope.flatten(1).norm(dim=1) - 1).square().mean()
        return error

    def discriminator(answers: Answers, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
        apart = answers(fake).mean() - answers(real).mean()
        return apart + penalty * slope_error(answers, real, fake, rng)

    def generator(answers: Answers, _real: Tensor, fake: Tensor, _rng: torch.Generator) -> Tensor:
        return -answers(fake).mean()

    return Objective(discriminator, generator)
