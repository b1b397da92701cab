"""All scores of a comparison, and who is best by each metric."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from faceloom.report.definitions import Definition, describe, in_order
from faceloom.report.statistics import Estimate, Ranking, average, gap, negative, rank
from faceloom.rows.results import Result

Scores = Mapping[str, Mapping[str, Estimate]]
"""By swap and metric."""

CONTROLS = ("untouched", "twin")


@dataclass(frozen=True)
class Board:
    """What every variant and every control scores.

    A control is a film that nobody made: `untouched` is the host's own clip, `twin` the truth.

    Attributes:
        variants: of each variant.
        controls: of each control.
        marks: whether tables mark the best by these intervals, which are over frames alone.
    """

    variants: Mapping[str, Scores]
    controls: Mapping[str, Scores]
    marks: bool = True

    def metrics(self) -> list[str]:
        """Every metric that some film has, in the order in which they are shown."""
        every = (*self.variants.values(), *self.controls.values())
        return in_order({name for scores in every for swap in scores.values() for name in swap})

    def swaps(self, metric: str) -> list[str]:
        """The swaps of which some variant has the metric."""
        found = [s for scores in self.variants.values() for s in scores if metric in scores[s]]
        return list(dict.fromkeys(found))

    def scores(self, name: str) -> Scores:
        """The scores of a variant or control."""
        return self.controls[name] if name in CONTROLS else self.variants.get(name, {})

    def of(self, name: str, metric: str, swaps: Collection[str] = ()) -> Estimate | None:
        """A variant's or control's mean over these swaps (none: all it has), if it has any."""
        parts = [
            found[metric]
            for swap, found in self.scores(name).items()
            if metric in found and (not swaps or swap in swaps)
        ]
        return average(parts) if parts else None

    def whole(self, name: str, metric: str) -> bool:
        """Whether a variant has the metric of all swaps of which another has it."""
        return all(metric in self.scores(name).get(swap, {}) for swap in self.swaps(metric))

    def reference(self, swap: str, metric: str) -> Estimate | None:
        """What is right: the truth's score, or that of the host's own clip where none is known."""
        for control in reversed(CONTROLS):
            if found := self.controls[control].get(swap, {}).get(metric):
                return found
        return None

    def ranking(self, metric: str, swap: str = "") -> Ranking | None:
        """Who is best in a swap, or on average; only who has all the scores takes part."""
        swaps = [swap] if swap else self.swaps(metric)
        losses = {}
        for name, scores in self.variants.items():
            parts = [self.loss(scores, one, describe(metric)) for one in swaps]
            known = [part for part in parts if part]
            if known and len(known) == len(parts):
                losses[name] = average(known)
        return rank(losses)

    def loss(self, scores: Scores, swap: str, metric: Definition) -> Estimate | None:
        """A score turned so that lower is better, if it can be."""
        found = scores.get(swap, {}).get(metric.name)
        if found is None or metric.better == "low":
            return found
        if metric.better == "high":
            return negative(found)
        reference = self.reference(swap, metric.name)
        return gap(found, reference) if reference else None

    def progress(self, variant: str, metric: str) -> float | None:
        """The share of the way from the untouched clip (0) to the truth (1), where both are."""
        ways = []
        for swap, found in self.variants[variant].items():
            both = [self.controls[control].get(swap, {}).get(metric) for control in CONTROLS]
            start, goal = both
            if start and goal and metric in found and start.mean != goal.mean:
                ways.append((start.mean - found[metric].mean) / (start.mean - goal.mean))
        return float(np.mean(ways)) if ways else None

    def results(self) -> Iterator[Result]:
        """Every score as a row."""
        for control, films in ((False, self.variants), (True, self.controls)):
            for variant, scores in films.items():
                for swap, found in scores.items():
                    for metric in in_order(set(found)):
                        one = found[metric]
                        yield Result(
                            variant, swap, control, metric, one.mean, one.low, one.high, one.n
                        )

    def summary(self) -> dict[str, object]:
        """Every score in mappings of numbers alone, which is what DVC shows (docs/summary.md)."""
        return {
            "schema": 1,
            "variants": {name: mapped(scores) for name, scores in self.variants.items()},
            "controls": {name: mapped(scores) for name, scores in self.controls.items()},
        }


def mapped(scores: Scores) -> dict[str, object]:
    """The scores of one variant or control, as in the summary."""
    return {
        "swaps": {
            swap: {
                metric: {
                    "mean": found[metric].mean,
                    "low": found[metric].low,
                    "high": found[metric].high,
                    "n": found[metric].n,
                }
                for metric in in_order(set(found))
            }
            for swap, found in scores.items()
        }
    }
