"""Where recipes stand over people and trainings."""

from dataclasses import dataclass

from .columns import Count, Flag, Real, Word


@dataclass(frozen=True, slots=True)
class Rank:
    """A recipe's mean by a metric, in all frames or in those of a case, and how far it is behind.

    Intervals are of 95 % confidence, over what `unit` names; see `report/trials.py`.
    """

    case: Word
    """`all`, or a case as `profile`."""
    metric: Word
    recipe: Word
    mean: Real
    """Of the metric, or of the distance to the truth's where nearest to the truth is best."""
    low: Real
    high: Real
    behind: Real
    """How much worse than the first, never below 0."""
    behind_low: Real
    behind_high: Real
    best: Flag
    """Whether it is better than all others, each interval of a difference being above 0."""
    unit: Word
    """casts, seeds or clips: what was drawn, of which the intervals speak."""
    casts: Count
    clips: Count
    seeds: Count
    frames: Count
