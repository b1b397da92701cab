"""Which learning rate suits: a short training whose rate rises from far too low to far too high.

Smith 2017, section 3.3; rising by the same factor each step, the loss smoothed and the end where it
blows up, as fastai does it (Howard and Gugger 2020).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log

from ..rows.rates import Rate
from .run import Run
from .step import Lesson, learn

STEPS = 120
LOW, HIGH = 1e-6, 1.0
KEEP = 0.95  # of the smoothed loss at each step
WORSE = 3.0  # times the least smoothed loss: enough was seen
SETTLED = 10  # steps before which the smoothed loss says nothing


def swept(run: Run, lesson: Lesson, told: Callable[[], object]) -> list[Rate]:
    """Each step's rate and loss, until the loss blows up; told: called after each step.

    The generator's rate rises, its discriminators' stays where it is.
    """
    found: list[Rate] = []
    smooth = 0.0
    for number in range(STEPS):
        rate = LOW * (HIGH / LOW) ** (number / (STEPS - 1))
        options = replace(lesson.options, rate=rate, steps=STEPS, warmup=0, flat=1.0)
        learn(run, replace(lesson, options=options))
        loss = run.tally.close(run.step).get("total")
        if loss is None:  # not finite
            break
        smooth = KEEP * smooth + (1 - KEEP) * loss
        found.append(Rate(rate, loss, smooth / (1 - KEEP ** (number + 1))))
        told()
        if number > SETTLED and found[-1].smooth > WORSE * min(each.smooth for each in found):
            break
    return found


def advised(found: Sequence[Rate]) -> tuple[float, float]:
    """The rate at which the loss falls fastest, and a tenth of the one at which it is least."""
    settled = list(found[SETTLED:]) or list(found)
    least = min(settled, key=lambda each: each.smooth)
    falling = [each for each in settled if each.rate <= least.rate]
    slopes = [
        ((two.smooth - one.smooth) / log(two.rate / one.rate), two.rate)
        for one, two in zip(falling, falling[1:], strict=False)
    ]
    return (min(slopes)[1] if slopes else least.rate), least.rate / 10
