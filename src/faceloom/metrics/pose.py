"""Does the head of the film point where the host's does?"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from faceloom.geometry.pose import angles
from faceloom.metrics.moment import Moment

Angles = NDArray[np.float64]


def make() -> Callable[[Moment], dict[str, float]]:
    """What gives `pose_error`: mean absolute difference of yaw, pitch and roll, in degrees."""

    def scores(moment: Moment) -> dict[str, float]:
        if moment.now.face.bridged:
            return {}
        size = moment.now.size
        film, host = moment.film_landmarks, moment.host_landmarks
        return {"pose_error": apart(angles(film, size), angles(host, size))}

    return scores


def apart(one: Angles, two: Angles) -> float:
    """The mean absolute difference of angles in degrees; from 179 to -179 it is 2."""
    return float(np.abs((one - two + 180) % 360 - 180).mean())
