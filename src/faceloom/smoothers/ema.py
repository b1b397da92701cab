"""An exponential moving average, forwards and backwards, so that nothing is late."""

from collections.abc import Callable

import numpy as np

from ..geometry import smoothing


def make(*, memory: float) -> Callable[[np.ndarray, float], np.ndarray]:
    """A smoother: (T, D) values, NaN where not measured, and the face's width in their unit."""

    def smooth(values: np.ndarray, _width: float) -> np.ndarray:
        return smoothing.ema(smoothing.ema(values, memory)[::-1], memory)[::-1]

    return smooth
