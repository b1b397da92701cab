"""What it looks like to SFace: its last map of features, averaged over places."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.feature_maps import averaged
from faceloom.judges import upright
from faceloom.networks.sface import SIZE, read_sface
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face 1024 numbers, together of length 1, from its crop.

    Args:
        weights: sface.onnx.
    """
    network = read_sface(weights[0])
    return averaged(network, network.features, size=SIZE, laid=upright)
