"""Who is best over other people and other trainings: a bootstrap of all that was drawn.

A recipe is a variant with all its repeats. Its score of a clip by a seed is one trial; trials of
one cast share people and trainings, so casts are what is independent. In each draw casts are drawn
with replacement, in each of them its clips and its seeds, and of each trial blocks of frames
(Davison and Hinkley 1997, "Bootstrap methods and their application", section 3.8: resampling every
level, which is the cautious way). All recipes get the same draw, so differences are paired.

Few casts are drawn, so the spread of the draws is made larger by n / (n - 1) in square, as a
variance of n is, and intervals are as wide as Student's t with n - 1 degrees of freedom says.
Percentiles of such draws would hold the truth in 69 of 100 cases where two casts were drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from faceloom.report.statistics import CONFIDENCE, DRAWS, SEED, Estimate

Values = npt.NDArray[np.float64]
Trials = Mapping[str, Sequence[Estimate]]
"""A recipe's losses: by clip, one for each seed; lower is better."""


@dataclass(frozen=True)
class Design:
    """What was drawn, and how much of it.

    Attributes:
        casts: the clips of each, casts that share a person taken as one.
        seeds: of each recipe, how often it was trained.
    """

    casts: Sequence[Sequence[str]]
    seeds: Mapping[str, int]

    @property
    def unit(self) -> str:
        """What the intervals speak of: "casts", else "seeds", else "clips"; nothing without any."""
        if len(self.casts) > 1:
            return "casts"
        if max(self.seeds.values(), default=0) > 1:
            return "seeds"
        return "clips" if sum(map(len, self.casts)) > 1 else ""

    @property
    def count(self) -> int:
        """How many of these units there are."""
        counts = {
            "casts": len(self.casts),
            "seeds": min((n for n in self.seeds.values() if n > 1), default=1),
            "clips": sum(map(len, self.casts)),
        }
        return counts.get(self.unit, 1)


@dataclass(frozen=True)
class Place:
    """Where a recipe stands.

    Attributes:
        recipe: its name.
        mean: of its losses, each cast counting the same, then each clip, then each seed.
        low, high: where that lies with 95 % confidence.
        behind: how much worse it is than the leader.
        behind_low, behind_high: where that lies; wider for each that is compared, so that all of
            these intervals hold with 95 % confidence together (Bonferroni).
    """

    recipe: str
    mean: float
    low: float
    high: float
    behind: float
    behind_low: float
    behind_high: float

    @property
    def tied(self) -> bool:
        """Whether it may be as good as the leader."""
        return self.behind_low <= 0


@dataclass(frozen=True)
class Order:
    """All recipes, the one with the best mean first."""

    places: tuple[Place, ...]
    design: Design

    @property
    def best(self) -> str:
        """Who is better than everybody else, if the intervals say so; else nothing."""
        first, *others = self.places
        clear = others and not any(place.tied for place in others)
        return first.recipe if clear else ""

    @property
    def rivals(self) -> tuple[str, ...]:
        """Who may be as good as the first."""
        return tuple(place.recipe for place in self.places[1:] if place.tied)


def order(losses: Mapping[str, Trials], casts: Sequence[Sequence[str]]) -> Order | None:
    """The order of recipes by their losses; None where nothing was drawn twice.

    Args:
        losses: of each recipe, by clip and seed; all recipes have all clips.
        casts: the clips of each cast.
    """
    design = Design(casts, {name: seeds(trials) for name, trials in losses.items()})
    if not losses or not design.unit:
        return None
    draws = drawn(losses, design)
    means = {name: whole(trials, casts) for name, trials in losses.items()}
    ranked = sorted(means, key=lambda name: (means[name], name))
    leader, others = ranked[0], max(len(ranked) - 1, 1)
    places = []
    for name in ranked:
        reach = half(draws[name], design.count)
        behind = means[name] - means[leader]
        margin = half(draws[name] - draws[leader], design.count, others) if name != leader else 0.0
        places.append(
            Place(
                name,
                means[name],
                means[name] - reach,
                means[name] + reach,
                behind,
                behind - margin,
                behind + margin,
            )
        )
    return Order(tuple(places), design)


def seeds(trials: Trials) -> int:
    """How often a recipe was trained."""
    return max(map(len, trials.values()))


def whole(trials: Trials, casts: Sequence[Sequence[str]]) -> float:
    """The mean of a recipe: each cast counts the same, in it each clip, in that each seed."""
    return float(
        np.mean([np.mean([np.mean([e.mean for e in trials[c]]) for c in cast]) for cast in casts])
    )


def drawn(losses: Mapping[str, Trials], design: Design) -> dict[str, Values]:
    """Draws of every recipe's mean, (DRAWS,), the same draw for all."""
    random = np.random.default_rng(
        [SEED, crc32("+".join(sum(map(list, design.casts), [])).encode())]
    )
    casts, many = design.casts, len(design.casts)
    chosen = random.integers(0, many, (DRAWS, many))
    share = np.stack([(chosen == cast).mean(axis=1) for cast in range(many)])
    found = {name: np.zeros(DRAWS) for name in losses}
    for cast, weight in zip(casts, share, strict=True):
        clips = weights(random, len(cast))
        trained = {n: weights(random, n) for n in sorted(set(design.seeds.values()))}
        for name, trials in losses.items():
            by_seed = trained[design.seeds[name]]
            for clip, by_clip in zip(cast, clips, strict=True):
                parts = np.stack([each.draws for each in trials[clip]])
                found[name] += weight * by_clip * (by_seed * parts).sum(axis=0)
    return found


def weights(random: np.random.Generator, count: int) -> Values:
    """How much each of so many counts when so many are drawn with replacement: (count, DRAWS)."""
    drawn = random.multinomial(count, np.full(count, 1 / count), DRAWS)
    return np.asarray(drawn.T / count, np.float64)


def half(draws: Values, count: int, compared: int = 1) -> float:
    """Half the interval of a mean with such draws, of so many independent units."""
    tail = (1 - CONFIDENCE / 100) / 2 / compared
    spread = float(draws.std()) * np.sqrt(count / (count - 1))
    return float(student.ppf(1 - tail, count - 1) * spread)


def together(people: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Clips by cast: those that share a person, through others too, are together.

    Args:
        people: of each clip (or swap) everybody who takes part.
    """
    groups: list[tuple[set[str], list[str]]] = []
    for clip, names in people.items():
        mine, clips = set(names), [clip]
        apart = []
        for others, theirs in groups:
            if mine & others:
                mine, clips = mine | others, theirs + clips
            else:
                apart.append((others, theirs))
        groups = [*apart, (mine, clips)]
    at = {clip: place for place, clip in enumerate(people)}
    return sorted(
        (sorted(clips, key=at.__getitem__) for _, clips in groups), key=lambda c: at[c[0]]
    )
