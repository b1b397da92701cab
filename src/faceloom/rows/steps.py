"""Numbers of a training."""

from dataclasses import dataclass

from .columns import Count, Real, Word


@dataclass(frozen=True, slots=True)
class Step:
    """A number of the training, over time."""

    step: Count
    loss: Word
    value: Real
