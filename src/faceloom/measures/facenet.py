"""Who it is, for a judge that nothing is taught by: FaceNet's 512 numbers (Schroff et al. 2015)."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.judges import Describer
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face its descriptor, from its crop.

    Args:
        weights: facenet_20180402.pb.
    """
    return Describer("facenet", weights[0]).of_crops
