"""A constant-velocity Kalman filter with its backward pass; noise in shares of the face's width."""

from collections.abc import Callable

import numpy as np

from ..geometry import smoothing


def make(*, process: float, measurement: float) -> Callable[[np.ndarray, float], np.ndarray]:
    """A smoother: (T, D) values, NaN where not measured, and the face's width in their unit."""

    def smooth(values: np.ndarray, width: float) -> np.ndarray:
        return smoothing.kalman(values, (process * width) ** 2, measurement * width)

    return smooth
