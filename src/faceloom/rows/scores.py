"""Scores of a film."""

from dataclasses import dataclass

from .columns import Count, Real, Word


@dataclass(frozen=True, slots=True)
class Score:
    """What a metric says of a face in a frame of a film."""

    frame: Count
    track: Count
    metric: Word
    value: Real
