"""Does the head of the film point where the host's does?"""

from collections.abc import Callable

import numpy as np

from faceloom.geometry.pose import angles
from faceloom.metrics.moment import Moment


def make() -> Callable[[Moment], dict[str, float]]:
    """What gives `pose_error`: mean absolute difference of yaw, pitch and roll, in degrees."""

    def scores(moment: Moment) -> dict[str, float]:
        if moment.now.face.bridged:
            return {}
        size = moment.now.size
        apart = angles(moment.film_landmarks, size) - angles(moment.host_landmarks, size)
        turned = (apart + 180) % 360 - 180  # from 179 to -179 it is 2 degrees
        return {"pose_error": float(np.abs(turned).mean())}

    return scores
