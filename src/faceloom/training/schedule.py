"""How a training runs: the course of the learning rate, and phases in which other losses hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, pi

from .options import Losses


@dataclass(frozen=True)
class Phase:
    """What holds from a step on, until the next phase begins.

    start: its first step, from 0; losses: the terms; adversarial: the weight of the generator's
    wish against the discriminators; rate: a factor to both players' rates; turn: whether
    everybody gets the next one's decoder as it begins; trips: terms for faces that were painted as
    somebody else and back; examiners: the weights of the encoder's wishes against them, by name.
    """

    start: int
    losses: Losses
    adversarial: float = 0.0
    rate: float = 1.0
    turn: bool = False
    trips: Losses = field(default_factory=dict)
    examiners: Mapping[str, float] = field(default_factory=dict)


def common(steps: int, flat: float, starts: Sequence[float]) -> int:
    """How many steps of a training are those of one with any greater number of steps, too.

    flat: as for `rate`; starts: of later phases, as shares of all steps.
    """
    last = int(flat * steps) + 1
    while last / steps > flat:  # the rate of this step has begun to fall
        last -= 1
    return min([last + 1, steps, *(round(start * steps) for start in starts if start)])


def current(phases: Sequence[Phase], step: int) -> Phase:
    """The phase of a step, the last that has begun; the first of them begins at 0."""
    return [phase for phase in phases if phase.start <= step][-1]


def rate(step: int, steps: int, peak: float, warmup: int, flat: float) -> float:
    """The learning rate of a step (0 to steps - 1), never zero.

    warmup: steps of the rise; flat: the share of all steps before the descent begins
    (Loshchilov and Hutter 2017, without restarts).
    """
    rise = min(1.0, (step + 1) / warmup) if warmup else 1.0
    done = step / steps
    if done <= flat:
        return peak * rise
    return peak * rise * (1 + cos(pi * (done - flat) / (1 - flat))) / 2
