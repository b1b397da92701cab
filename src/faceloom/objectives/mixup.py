"""mixup: least squares on mixtures of real and painted faces (faceswap-GAN v1 to v2.2).

Zhang et al. 2018, section 3 and its application to adversarial training.
"""

import torch
from torch import Tensor

from .objective import Answers, Objective, share


def make(*, sharpness: float = 0.2, inverted: bool = False) -> Objective:
    """A mixture's answer should be its share of the real, drawn from Beta(sharpness, sharpness).

    inverted: the generator wants the opposite of the discriminator on such a mixture, halved, as
    in v1; otherwise it wants 1 for what it paints, as in v2.2.
    """

    def mixture(real: Tensor, fake: Tensor, rng: torch.Generator) -> tuple[Tensor, float]:
        mixed = share(sharpness, rng)
        return mixed * real + (1 - mixed) * fake, mixed

    def discriminator(answers: Answers, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
        faces, mixed = mixture(real, fake, rng)
        return (answers(faces) - mixed).square().mean()

    def generator(answers: Answers, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
        if not inverted:
            return (answers(fake) - 1).square().mean()
        faces, mixed = mixture(real, fake, rng)
        return (answers(faces) - (1 - mixed)).square().mean() / 2

    return Objective(discriminator, generator)
