"""Is it the donor, for a judge that nothing is taught by? SFace's distances."""

from collections.abc import Callable
from pathlib import Path

from faceloom.judges import Describer
from faceloom.metrics.moment import Moment
from faceloom.metrics.nearness import nearness

KIND = "sface"


def make(*, weights: tuple[Path, ...]) -> Callable[[Moment], dict[str, float]]:
    """What gives `sface_donor_distance`, `sface_host_distance` and `sface_nearer_donor`.

    Distances are Euclidean, between descriptors of length 1.

    Args:
        weights: sface.onnx.
    """
    describe = Describer(KIND, weights[0])

    def scores(moment: Moment) -> dict[str, float]:
        portraits = moment.judged.get(KIND, (None, None))
        if moment.now.face.bridged or not any(face is not None for face in portraits):
            return {}
        return nearness(describe(moment.now.film, moment.film_landmarks), portraits, KIND)

    return scores
