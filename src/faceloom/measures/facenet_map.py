"""What it looks like to FaceNet: its last map of features, averaged over places."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.feature_maps import averaged
from faceloom.judges import boxed
from faceloom.networks.facenet import SIZE, read_facenet
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face 1792 numbers, together of length 1, from its crop.

    Args:
        weights: facenet_20180402.pb.
    """
    network = read_facenet(weights[0])
    return averaged(network, network.features, size=SIZE, laid=boxed)
