"""Is it the donor? Distances of the film's face to the portraits of donor and host."""

from collections.abc import Callable
from pathlib import Path

from faceloom.descriptors import Describer
from faceloom.metrics.moment import Moment
from faceloom.metrics.nearness import nearness


def make(*, weights: tuple[Path, ...]) -> Callable[[Moment], dict[str, float]]:
    """What gives `donor_distance` and `host_distance`, and `nearer_donor`: 1 if that is nearer.

    Distances are Euclidean, between dlib descriptors; whose portrait is not known has none.

    Args:
        weights: dlib_face_recognition_resnet_model_v1.dat.
    """
    describe = Describer(weights[0])

    def scores(moment: Moment) -> dict[str, float]:
        portraits = (moment.host, moment.donor)
        if moment.now.face.bridged or not any(face is not None for face in portraits):
            return {}
        return nearness(describe(moment.now.film, moment.film_landmarks), portraits)

    return scores
