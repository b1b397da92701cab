"""Is it the donor, for a judge that nothing is taught by? FaceNet's distances."""

from collections.abc import Callable
from pathlib import Path

from faceloom.metrics.judged import judged
from faceloom.metrics.moment import Moment


def make(*, weights: tuple[Path, ...]) -> Callable[[Moment], dict[str, float]]:
    """What gives `facenet_donor_distance`, `facenet_host_distance` and `facenet_nearer_donor`.

    Args:
        weights: facenet_20180402.pb.
    """
    return judged("facenet", weights[0])
