"""How sure the mean of a film's frames is: a moving-block bootstrap, the same for all of a swap.

Frames that follow each other are alike, so drawing single frames would make intervals much too
narrow; blocks of frames keep what neighbours have in common (Künsch 1989).  All variants of a
swap are drawn with the same blocks where they have the same number of frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import numpy.typing as npt

from faceloom.rows.scores import Score

Values = npt.NDArray[np.float64]

BLOCK = 10  # frames
DRAWS = 1000
SEED = 20
CONFIDENCE = 95  # per cent
FEW = 8  # with fewer frames than this an interval says too little to name a winner


@dataclass(frozen=True)
class Estimate:
    """A mean, where it lies with 95 % confidence, and how many frames it is of."""

    mean: float
    low: float
    high: float
    n: int
    draws: Values = field(repr=False, compare=False)

    @classmethod
    def of(cls, mean: float, draws: Values, n: int) -> Estimate:
        """The estimate whose interval these draws of the mean span."""
        tail = (100 - CONFIDENCE) / 2
        low, high = np.percentile(draws, [tail, 100 - tail])
        return cls(float(mean), float(low), float(high), n, draws)


def estimates(rows: Iterable[Score], swap: str) -> dict[str, Estimate]:
    """For each metric of a film its mean over frames, with an interval.

    Values that are not finite (a frame equal to the truth has no PSNR) are left out, and not
    counted in ``n``; a metric without any finite value is left out altogether.
    """
    return {name: estimate(values, swap) for name, values in by_frame(rows).items()}


def by_frame(rows: Iterable[Score]) -> dict[str, Values]:
    """For each metric its values in order of frames, several faces in a frame averaged."""
    found: dict[str, tuple[list[int], list[float]]] = {}
    for row in rows:
        if np.isfinite(row.value):
            frames, values = found.setdefault(row.metric, ([], []))
            frames.append(row.frame)
            values.append(row.value)
    return {metric: frame_means(*both) for metric, both in found.items()}


def frame_means(frames: Sequence[int], values: Sequence[float]) -> Values:
    """The mean of the values of each frame, in order of frames."""
    _, place = np.unique(frames, return_inverse=True)
    return np.bincount(place, weights=values) / np.bincount(place)


def estimate(values: Values, swap: str) -> Estimate:
    """The mean of values in order of time, with the interval of a moving-block bootstrap."""
    random = np.random.default_rng([SEED, crc32(swap.encode())])
    return Estimate.of(values.mean(), drawn_means(values, random), len(values))


def drawn_means(values: Values, random: np.random.Generator) -> Values:
    """Means of series as long as this one, put together from blocks of it.

    Blocks have 10 frames, or a quarter of the series where it is shorter than 40: with one or two
    blocks to draw every interval would look sure.  The draws are moved so that their mean is the
    series' own: frames at its ends are in fewer blocks than others.
    """
    count = len(values)
    block = min(BLOCK, -(-count // 4))
    whole, rest = divmod(count, block)
    sums = np.concatenate([[0.0], np.cumsum(values - values.mean())])
    starts = random.integers(0, count - block + 1, (DRAWS, whole + 1))
    total = (sums[starts[:, :whole] + block] - sums[starts[:, :whole]]).sum(axis=1)
    total += sums[starts[:, whole] + rest] - sums[starts[:, whole]]
    means: Values = values.mean() + (total - total.mean()) / count
    return means


def average(parts: Sequence[Estimate]) -> Estimate:
    """The mean over swaps, each counting the same, however many frames it has."""
    mean = float(np.mean([part.mean for part in parts]))
    draws = np.mean([part.draws for part in parts], axis=0)
    return Estimate.of(mean, draws, sum(part.n for part in parts))


def gap(found: Estimate, reference: Estimate) -> Estimate:
    """How far it is from the mean of a reference, whichever way."""
    return Estimate.of(
        abs(found.mean - reference.mean), np.abs(found.draws - reference.mean), found.n
    )


@dataclass(frozen=True)
class Ranking:
    """Who is best, and whose intervals reach into the best one's."""

    order: tuple[str, ...]
    rivals: tuple[str, ...]
    few: bool
    """Whether there were too few frames to tell."""

    @property
    def leader(self) -> str:
        """The one with the best mean, clear or not."""
        return self.order[0]

    @property
    def clear(self) -> bool:
        """Whether the best one's interval excludes all others."""
        return len(self.order) > 1 and not self.rivals and not self.few


def rank(losses: Mapping[str, Estimate]) -> Ranking | None:
    """The order of these, the lowest first; None where there is nothing to order."""
    if not losses:
        return None
    order = sorted(losses, key=lambda name: (losses[name].mean, name))
    best = losses[order[0]]
    rivals = tuple(name for name in order[1:] if losses[name].low <= best.high)
    return Ranking(tuple(order), rivals, any(one.n < FEW for one in losses.values()))


def negative(found: Estimate) -> Estimate:
    """The same with the sign turned, so that higher becomes lower."""
    return Estimate(-found.mean, -found.high, -found.low, found.n, -found.draws)
