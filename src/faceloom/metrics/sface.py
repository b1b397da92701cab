"""Is it the donor, for a judge that nothing is taught by? SFace's distances."""

from collections.abc import Callable
from pathlib import Path

from faceloom.metrics.judged import judged
from faceloom.metrics.moment import Moment


def make(*, weights: tuple[Path, ...]) -> Callable[[Moment], dict[str, float]]:
    """What gives `sface_donor_distance`, `sface_host_distance` and `sface_nearer_donor`.

    Args:
        weights: sface.onnx.
    """
    return judged("sface", weights[0])
