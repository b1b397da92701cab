"""Is it the donor? Distances of the film's face to the portraits of donor and host."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from faceloom.descriptors import Describer
from faceloom.metrics.moment import Moment


def make(*, weights: tuple[Path, ...]) -> Callable[[Moment], dict[str, float]]:
    """What gives `donor_distance` and `host_distance`, and `nearer_donor`: 1 if that is nearer.

    Distances are Euclidean, between dlib descriptors; whose portrait is not known has none.

    Args:
        weights: dlib_face_recognition_resnet_model_v1.dat.
    """
    describe = Describer(weights[0])

    def scores(moment: Moment) -> dict[str, float]:
        portraits = {"donor_distance": moment.donor, "host_distance": moment.host}
        known = {name: face for name, face in portraits.items() if face is not None}
        if moment.now.face.bridged or not known:
            return {}
        look = describe(moment.now.film, moment.film_landmarks)
        found = {name: float(np.linalg.norm(look - face)) for name, face in known.items()}
        if len(found) == 2:
            nearer = found["donor_distance"] < found["host_distance"]
            found["nearer_donor"] = float(nearer)
        return found

    return scores
