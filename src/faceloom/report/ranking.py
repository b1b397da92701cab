"""Recipes ranked over people and trainings, in all frames and in the hard ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from faceloom.report.board import Board
from faceloom.report.cases import CASES
from faceloom.report.comparison import Comparison
from faceloom.report.definitions import Definition, describe
from faceloom.report.statistics import Estimate
from faceloom.report.trials import Order, order, together
from faceloom.rows.ranks import Rank

ALL = "all"


@dataclass(frozen=True)
class Ranking:
    """The order of recipes by each metric, in all frames and in those of each case.

    Attributes:
        orders: by case and metric.
        frames: of each case, how many frames are judged.
        clips: of each case, in how many clips they are.
    """

    orders: Mapping[tuple[str, str], Order]
    frames: Mapping[str, int]
    clips: Mapping[str, int]

    def of(self, metric: str, case: str = ALL) -> Order | None:
        """The order by a metric, if anything can be said."""
        return self.orders.get((case, metric))

    @property
    def cases(self) -> list[str]:
        """The cases that occur, in the order in which they are shown."""
        return [case for case in (ALL, *CASES) if any(key[0] == case for key in self.orders)]

    @property
    def general(self) -> bool:
        """Whether more than one cast or one training was drawn: else there is nothing to add."""
        return any(found.design.unit in ("casts", "seeds") for found in self.orders.values())

    def rows(self) -> Iterator[Rank]:
        """All of it as a table."""
        for (case, metric), found in self.orders.items():
            sign = -1 if describe(metric).better == "high" else 1
            for place in found.places:
                ends = sorted((sign * place.low, sign * place.high))
                yield Rank(
                    case=case,
                    metric=metric,
                    recipe=place.recipe,
                    mean=sign * place.mean,
                    low=ends[0],
                    high=ends[1],
                    behind=place.behind,
                    behind_low=place.behind_low,
                    behind_high=place.behind_high,
                    best=found.best == place.recipe,
                    unit=found.design.unit,
                    casts=len(found.design.casts),
                    clips=sum(map(len, found.design.casts)),
                    seeds=found.design.seeds[place.recipe],
                    frames=self.frames[case],
                )


def ranked(boards: Mapping[str, Board], told: Comparison, frames: Mapping[str, int]) -> Ranking:
    """The ranking over these boards, one for each case.

    Args:
        boards: the scores of all frames, and those of each case alone.
        told: what the variants and swaps are.
        frames: of each case, how many frames are judged.
    """
    orders = {}
    for case, board in boards.items():
        for metric in board.metrics():
            if found := in_order(board, told, describe(metric)):
                orders[case, metric] = found
    clips = {case: len(swaps_of(board)) for case, board in boards.items()}
    return Ranking(orders, frames, clips)


def in_order(board: Board, told: Comparison, metric: Definition) -> Order | None:
    """The order of the recipes that have a metric of all clips of which any has it."""
    swaps = board.swaps(metric.name)
    people = {s: {*told.swaps[s].faces, *told.swaps[s].faces.values()} for s in swaps}
    losses = {}
    for recipe, variants in recipes(told).items():
        trials = {swap: trial(board, variants, swap, metric) for swap in swaps}
        if all(len(each) == len(variants) for each in trials.values()) and trials:
            losses[recipe] = trials
    return order(losses, together(people))


def trial(board: Board, variants: Sequence[str], swap: str, metric: Definition) -> list[Estimate]:
    """The losses of a recipe's repeats in a clip."""
    found = (board.loss(board.scores(name), swap, metric) for name in variants)
    return [loss for loss in found if loss]


def recipes(told: Comparison) -> dict[str, list[str]]:
    """Every recipe with all its repeats, the first included."""
    found: dict[str, list[str]] = {}
    for name, variant in told.variants.items():
        found.setdefault(variant.repeats or name, []).append(name)
    return found


def swaps_of(board: Board) -> Collection[str]:
    """The swaps of which there is any score."""
    return {swap for scores in board.variants.values() for swap in scores if scores[swap]}
