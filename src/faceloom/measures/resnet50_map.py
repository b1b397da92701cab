"""What it looks like to ResNet50: its last map of features, averaged over places."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from faceloom.feature_maps import averaged
from faceloom.judges import boxed
from faceloom.networks.resnet50 import SIZE, read_resnet50
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face 2048 numbers, together of length 1, from its crop.

    Args:
        weights: resnet50.tfjs.
    """
    network = read_resnet50(weights[0])
    return averaged(network, network, size=SIZE, laid=partial(boxed, size=SIZE))
