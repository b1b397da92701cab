"""The benchmark on rendered people: who is drawn, what they do, and what is learnt and judged."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator

from .errors import FaceloomError, mistakes
from .people import Clip, Person, Swap, Use
from .settings.actors import Actors
from .settings.forms import Settings
from .sheets import NAME
from .variants import merge

LEARN = "learn"  # the take that people are learnt from
ORIGIN = "rendered from CC0 assets"
MANY = 100  # takes there may be


class Twins(Settings):
    """So many pairs of people, drawn by a seed, who wear each other's faces.

    Everybody is filmed once to be learnt from, and in some of the takes to be judged; of these
    shots the truth is rendered too.
    """

    name: str
    """The folder below twins/ that all of it lies in."""
    seed: int = Field(ge=0)
    """Who they are and what they do."""
    casts: int = Field(2, ge=1, le=len(ascii_lowercase) // 2)
    """Pairs of people; who is in one is in no other."""
    shots: int = Field(1, ge=1)
    """How many takes each person is judged in; the next person goes on where one has ended."""
    learn: Mapping[str, Any] = {"frames": 40, "every": 4}
    """How they are filmed to be learnt from, where that differs from `actors`."""
    takes: Mapping[str, Mapping[str, Any] | None] = {"plain": {"frames": 16}}
    """How they are filmed to be judged: what differs from `actors` in each take, by its name."""

    @field_validator("name")
    @classmethod
    def _one_word(cls, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError("a name has only a-z, 0-9 and _")
        return name

    @model_validator(mode="after")
    def _takes(self) -> Twins:
        if len(self.takes) >= MANY:
            raise ValueError(f"more than {MANY - 1} takes")
        if self.shots > len(self.takes):
            raise ValueError(f"{self.shots} shots, but {len(self.takes)} takes")
        for name in self.takes:
            if name == LEARN or not NAME.fullmatch(name):
                raise ValueError(f"a take cannot be called {name}")
        return self

    @property
    def people(self) -> list[str]:
        """Everybody's name, as the renderer draws them; each two that follow are a pair."""
        return [f"s{self.seed}{letter}" for letter in ascii_lowercase[: 2 * self.casts]]

    def other(self, person: str) -> str:
        """Whose face somebody wears."""
        at = self.people.index(person)
        return self.people[at ^ 1]

    def judged_in(self, person: str) -> list[str]:
        """The takes that a person is judged in."""
        first = self.people.index(person) * self.shots
        names = list(self.takes)
        return [names[(first + shot) % len(names)] for shot in range(self.shots)]

    def filmed(self, take: str, actors: Actors) -> Actors:
        """How a take is filmed, laid over how all is."""
        own = self.learn if take == LEARN else self.takes[take]
        return Actors.model_validate(merge(actors.model_dump(), own or {}))

    def number(self, person: str, take: str) -> int:
        """The seed of a shot: no two have the same."""
        place = (LEARN, *self.takes).index(take)
        return (len(ascii_lowercase) * self.seed + self.people.index(person)) * MANY + place


def told(said: Any, actors: Actors) -> Twins:
    """What the config says of the benchmark; FaceloomError where it cannot be."""
    try:
        twins = Twins.model_validate(said)
        for take in (LEARN, *twins.takes):
            twins.filmed(take, actors)
        return twins
    except ValidationError as bad:
        raise FaceloomError(f"config: twins: {'; '.join(mistakes(bad))}") from None


def people(twins: Twins) -> dict[str, Person]:
    """Everybody's leave: nobody of them lives."""
    every: tuple[Use, ...] = ("host", "donor", "training")
    leave = {"basis": "synthetic", "scope": " ".join(every), "evidence": ORIGIN}
    return {name: Person.model_validate({"person": name, **leave}) for name in twins.people}


def clips(twins: Twins, path: str) -> dict[str, Clip]:
    """Everything that is filmed, and what each is used for.

    Args:
        twins: the benchmark.
        path: where a film lies, by `{take}`, the seed of its shot, and `{shot}`, who is in it.
    """
    every: dict[str, Clip] = {}
    for host in twins.people:
        twin = f"{host}_as_{twins.other(host)}"
        shots: list[tuple[str, str, Any]] = [(LEARN, host, "learn")]
        for take in twins.judged_in(host):
            shots += [(take, host, "judge"), (take, twin, "truth")]
        for take, shot, use in shots:
            name = f"{shot}_{take}"
            where = path.format(take=twins.number(host, take), shot=shot)
            row = {"clip": name, "path": where, "people": host, "use": use, "origin": ORIGIN}
            every[name] = Clip.model_validate(row)
    return every


def settings(twins: Twins, actors: Actors) -> dict[int, Actors]:
    """How each shot is filmed, by its seed."""
    return {
        twins.number(host, take): twins.filmed(take, actors)
        for host in twins.people
        for take in (LEARN, *twins.judged_in(host))
    }


def swaps(twins: Twins) -> dict[str, Swap]:
    """Everybody wears the other's face in each shot."""
    return {
        f"{host}_{twins.other(host)}_{take}": Swap(
            clip=f"{host}_{take}",
            faces={host: twins.other(host)},
            truth=f"{host}_as_{twins.other(host)}_{take}",
        )
        for host in twins.people
        for take in twins.judged_in(host)
    }
