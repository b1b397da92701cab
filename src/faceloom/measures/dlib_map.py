"""What it looks like to dlib's network: its last map of features, averaged over places."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.descriptors import chip_matrix
from faceloom.feature_maps import averaged
from faceloom.networks.dlib_format import read_resnet
from faceloom.networks.dlib_resnet import SIZE, DlibResnet
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face 256 numbers, together of length 1, from its crop.

    Args:
        weights: dlib_face_recognition_resnet_model_v1.dat.
    """
    network = DlibResnet(read_resnet(weights[0]))
    return averaged(network, network.features, size=SIZE, laid=chip_matrix)
