"""How the learning rate runs: a short rise, a plain, half a cosine down to zero."""

from math import cos, pi


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
