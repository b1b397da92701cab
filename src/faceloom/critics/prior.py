"""prior: whether a code could be drawn from a normal distribution (alphaGAN, Rosca et al. 2017).

In place of a formula for the distance of codes from what they should be like, a network learns to
tell codes from draws (section 3.1); the encoder makes their ratio small (algorithm 1).
"""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from .critic import Codes, Critic, Dense


def make(*, codes: Codes, width: int = 256) -> Critic:
    """Two layers of that width, then one answer: large where a code looks drawn."""
    network = Dense(codes.length, (width, width), 1)

    def told_apart(given: Mapping[str, Tensor], rng: torch.Generator) -> Tensor:
        said = torch.cat([given[person] for person in codes.people])
        drawn = torch.randn(len(said), codes.length, generator=rng).to(said)
        real, fake = network(drawn), network(said)
        wrong: Tensor = functional.softplus(-real).mean() + functional.softplus(fake).mean()
        return wrong

    def taken_for_drawn(given: Mapping[str, Tensor], _rng: torch.Generator) -> Tensor:
        ratio: Tensor = -network(torch.cat([given[person] for person in codes.people])).mean()
        return ratio

    return Critic(network, told_apart, taken_for_drawn)
