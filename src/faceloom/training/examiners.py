"""Players that look at the code: critics, taught beside the generator and against its encoder."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from ..critics.critic import Critic
from ..models.generator import Painted
from .adversary import frozen


@dataclass(frozen=True)
class Examiner:
    """A critic, and how it is taught: rate and betas are its Adam's."""

    critic: Critic
    rate: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)


Examiners = Mapping[str, Examiner]


def codes_of(painted: Mapping[str, Painted]) -> dict[str, Tensor]:
    """Everybody's codes (B, D), float32; ValueError where a generator has not told them."""
    found = {}
    for person, each in painted.items():
        if each.code is None:
            raise ValueError(f"{person}: nobody has said the code")
        found[person] = each.code.drawn.float().flatten(1)
    return found


def wishes(
    examiners: Examiners, painted: Mapping[str, Painted], draws: torch.Generator
) -> dict[str, Tensor]:
    """What the encoder makes small against each; examiners have no part in it."""
    if not examiners:
        return {}
    codes, found = codes_of(painted), {}
    for name, each in examiners.items():
        with frozen(each.critic.network):
            found[name] = each.critic.encoder(codes, draws)
    return found


def judgements(
    examiners: Examiners, painted: Mapping[str, Painted], draws: torch.Generator
) -> dict[str, Tensor]:
    """What each examiner makes small; the encoder has no part in it."""
    if not examiners:
        return {}
    codes = {person: each.detach() for person, each in codes_of(painted).items()}
    return {name: each.critic.critic(codes, draws) for name, each in examiners.items()}
