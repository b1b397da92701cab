"""Is it the donor, for a judge that nothing is taught by? FaceNet's distances."""

from collections.abc import Callable
from pathlib import Path

from faceloom.judges import Describer
from faceloom.metrics.moment import Moment
from faceloom.metrics.nearness import nearness

KIND = "facenet"


def make(*, weights: tuple[Path, ...]) -> Callable[[Moment], dict[str, float]]:
    """What gives `facenet_donor_distance`, `facenet_host_distance` and `facenet_nearer_donor`.

    Distances are Euclidean, between descriptors of length 1.

    Args:
        weights: facenet_20180402.pb.
    """
    describe = Describer(KIND, weights[0])

    def scores(moment: Moment) -> dict[str, float]:
        portraits = moment.judged.get(KIND, (None, None))
        if moment.now.face.bridged or not any(face is not None for face in portraits):
            return {}
        return nearness(describe(moment.now.film, moment.film_landmarks), portraits, KIND)

    return scores
