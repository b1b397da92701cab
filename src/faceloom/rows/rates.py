"""Learning rates that were tried."""

from dataclasses import dataclass

from .columns import Real


@dataclass(frozen=True, slots=True)
class Rate:
    """A learning rate of one step, the loss of that step, and its smoothed course."""

    rate: Real
    loss: Real
    smooth: Real
