"""The second player of an adversarial training: a discriminator for each person."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from ..discriminators.discriminator import Discriminator
from ..models.generator import Painted
from ..objectives.objective import Answers, Objective
from .batch import Batch
from .pool import Pool
from .precision import autocast, fine


@dataclass(frozen=True)
class Adversary:
    """Who judges the generator, and by what rules both play.

    networks: as `judges` makes them; weight: of the generator's wish beside its other losses;
    shown: what is painted, that laid over the input by its mask, or each; rate, betas: of the
    discriminators' Adam; every: their moves for one of the generator's; swapped: whether they are
    shown others' faces painted as the person, in place of the person's own; pools: for each person
    faces painted earlier, mixed among those that discriminators are shown; features: weight of how
    far what is painted is from the real face in the features of who judges it, 0 = not looked at;
    margin: how far the discriminators want that to be (Wang et al. 2018, equations 4 and 5).
    """

    networks: nn.ModuleDict
    objective: Objective
    weight: float = 0.1
    shown: Literal["both", "image", "laid"] = "both"
    rate: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    every: int = 1
    swapped: bool = False
    pools: Mapping[str, Pool] = field(default_factory=dict)
    features: float = 0.0
    margin: float = 0.0

    def wishes(
        self, batches: Mapping[str, Batch], painted: Mapping[str, Painted], rules: "Rules"
    ) -> dict[str, Tensor]:
        """What the generator makes small for each person; discriminators have no part in it."""
        with frozen(self.networks):
            return {
                person: self._played(
                    self.objective.generator, batch, painted[person], person, rules
                )
                + self.features * self._apart(batch, painted[person], person, rules)
                for person, batch in batches.items()
            }

    def judgements(
        self, batches: Mapping[str, Batch], painted: Mapping[str, Painted], rules: "Rules"
    ) -> dict[str, Tensor]:
        """What each person's discriminator makes small; the generator has no part in it."""
        return {
            person: self._played(
                self.objective.discriminator,
                batch,
                detached(painted[person]),
                person,
                rules,
                self.pools.get(person),
            )
            + self.features
            * relu(self.margin - self._apart(batch, detached(painted[person]), person, rules))
            for person, batch in batches.items()
        }

    def _played(
        self,
        wish: Callable[[Answers, Tensor, Tensor, torch.Generator], Tensor],
        batch: Batch,
        painted: Painted,
        person: str,
        rules: "Rules",
        pool: Pool | None = None,
    ) -> Tensor:
        every = self._shown(batch, painted)
        if pool is not None:
            every = [pool.shown(faces, rules.draws) for faces in every]
        wishes = [
            wish(answering(judge, batch, rules), batch.target, faces, rules.draws)
            for faces, judge in zip(every, self._judges(person, len(every)), strict=True)
        ]
        return torch.stack(wishes).sum()

    def _apart(self, batch: Batch, painted: Painted, person: str, rules: "Rules") -> Tensor:
        """How far what is painted is from the real face, for who judges it."""
        if not self.features:
            return torch.zeros((), device=batch.target.device)
        fake = self._shown(batch, painted)[-1]
        judge = self._judges(person, 2)[-1]
        with autocast(fake.device, rules.precision):
            both = (judge.features(faces, batch.warped) for faces in (batch.target, fake))
            far = [(real - made).abs().mean() for real, made in zip(*both, strict=True)]
        return torch.stack(far).sum()

    def _judges(self, person: str, count: int) -> list[Discriminator]:
        """Who judges each of what is shown: the last has a judge of its own, if there is one."""
        own: Discriminator = self.networks[_key(person)]  # type: ignore[assignment]
        if _alone(person) not in self.networks:
            return [own] * count
        alone: Discriminator = self.networks[_alone(person)]  # type: ignore[assignment]
        return [own] * (count - 1) + [alone]

    def _shown(self, batch: Batch, painted: Painted) -> list[Tensor]:
        if painted.mask is None or self.shown == "image":
            return [fine(painted.image)]
        laid = painted.laid(batch.warped)
        return [laid] if self.shown == "laid" else [laid, fine(painted.image)]


@dataclass(frozen=True)
class Rules:
    """What both players keep to: numbers that networks are computed in, and whose draws."""

    precision: Literal["auto", "bf16", "fp32"]
    draws: torch.Generator


def judges(
    people: tuple[str, ...],
    make: Callable[[], Discriminator],
    alone: Callable[[], Discriminator] | None = None,
) -> nn.ModuleDict:
    """A discriminator for each person, and one for what is painted alone, if that is to be."""
    every = nn.ModuleDict({_key(person): make() for person in people})
    if alone is not None:
        every.update({_alone(person): alone() for person in people})
    return every


def answering(judge: Discriminator, batch: Batch, rules: "Rules") -> Answers:
    """What a discriminator says of faces that were made of a batch."""

    def answers(faces: Tensor) -> Tensor:
        with autocast(faces.device, rules.precision):
            answered: Tensor = judge(faces, batch.warped)
        return answered

    return answers


def detached(painted: Painted) -> Painted:
    """The same without a history."""
    mask = None if painted.mask is None else painted.mask.detach()
    return Painted(painted.image.detach(), mask)


@contextmanager
def frozen(networks: nn.Module) -> Iterator[None]:
    """Whatever is computed inside has no gradient to these networks."""
    networks.requires_grad_(False)
    try:
        yield
    finally:
        networks.requires_grad_(True)


def _key(person: str) -> str:
    """A name that no attribute of ModuleDict can have, whatever the person is called."""
    return f"of_{person}"


def _alone(person: str) -> str:
    """The name of who judges what is painted without seeing what the generator saw."""
    return f"alone_{person}"
