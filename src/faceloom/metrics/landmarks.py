"""Are the film's inner points where the host's are?"""

from collections.abc import Callable

import numpy as np

from faceloom.geometry.landmarks import INNER, outer_eye_distance
from faceloom.metrics.moment import Moment


def make() -> Callable[[Moment], dict[str, float]]:
    """What gives `landmark_error`: mean distance of the 51 inner points, film to host.

    In shares of the host's distance between the outer corners of the eyes.
    """

    def scores(moment: Moment) -> dict[str, float]:
        if moment.now.face.bridged:
            return {}
        film, host = moment.film_landmarks, moment.host_landmarks
        apart = np.linalg.norm((film - host)[list(INNER)], axis=1).mean()
        return {"landmark_error": float(apart) / outer_eye_distance(host)}

    return scores
