"""What it looks like to FaceNet: its last map of features, averaged over places."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.judges import Describer
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face 1792 numbers, together of length 1, from its crop.

    Args:
        weights: facenet_20180402.pb.
    """
    return Describer("facenet", weights[0]).maps_of_crops
