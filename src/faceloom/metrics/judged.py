"""Is it the donor, for a judge that nothing is taught by?"""

from collections.abc import Callable
from pathlib import Path

from faceloom.judges import Describer
from faceloom.metrics.moment import Moment
from faceloom.metrics.nearness import nearness


def judged(kind: str, weights: Path) -> Callable[[Moment], dict[str, float]]:
    """What gives `KIND_donor_distance`, `KIND_host_distance` and `KIND_nearer_donor`.

    Distances are Euclidean, between descriptors of length 1.

    Args:
        kind: of `judges.JUDGES`.
        weights: its network's.
    """
    describe = Describer(kind, weights)

    def scores(moment: Moment) -> dict[str, float]:
        portraits = moment.judged.get(kind, (None, None))
        if moment.now.face.bridged or not any(face is not None for face in portraits):
            return {}
        return nearness(describe(moment.now.film, moment.film_landmarks), portraits, kind)

    return scores
