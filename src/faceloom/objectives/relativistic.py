"""relativistic: real faces more real than painted ones are on average, and the other way round.

The relativistic average least squares of Jolicoeur-Martineau 2018 (section 4.3), halved as in
faceswap-GAN v2.2.
"""

import torch
from torch import Tensor

from .objective import Answers, Objective


def make() -> Objective:
    """Half the mean squares of what answers, less the other faces' mean, are off 1 and -1."""

    def apart(upper: Tensor, lower: Tensor) -> Tensor:
        above = (upper - lower.mean(0) - 1).square().mean()
        below = (lower - upper.mean(0) + 1).square().mean()
        return (above + below) / 2

    def discriminator(
        answers: Answers, real: Tensor, fake: Tensor, _rng: torch.Generator
    ) -> Tensor:
        return apart(answers(real), answers(fake))

    def generator(answers: Answers, real: Tensor, fake: Tensor, _rng: torch.Generator) -> Tensor:
        return apart(answers(fake), answers(real))

    return Objective(discriminator, generator)
