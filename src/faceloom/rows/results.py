"""What a comparison says of a metric."""

from dataclasses import dataclass

from .columns import Count, Flag, Real, Word


@dataclass(frozen=True, slots=True)
class Result:
    """The mean of a metric over a film's frames, and where it lies with 95 % confidence."""

    variant: Word
    """A variant, or a control: untouched, twin."""
    swap: Word
    control: Flag
    metric: Word
    mean: Real
    low: Real
    high: Real
    n: Count
