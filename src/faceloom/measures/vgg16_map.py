"""What it looks like to VGG16: its last map of features, averaged over places."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from torch import Tensor

from faceloom.feature_maps import averaged
from faceloom.judges import boxed
from faceloom.networks.vgg_files import vgg16
from faceloom.rows.faces import Face

DEEPEST = "relu5_3"  # the last layer of its convolutions
SIZE = 224  # pixels a side, as it was taught with


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face 512 numbers, together of length 1, from its crop.

    Args:
        weights: lpips_vgg16.ckpt.
    """
    network = vgg16(weights[0], DEEPEST).requires_grad_(False).eval()

    def features(pictures: Tensor) -> Tensor:
        found: Tensor = network(pictures, [DEEPEST])[DEEPEST]
        return found

    return averaged(network, features, size=SIZE, laid=partial(boxed, size=SIZE))
