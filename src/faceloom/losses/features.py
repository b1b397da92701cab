"""What published networks see in faces as they lie in crops; gradients reach the faces."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..descriptors import chip_matrix
from ..geometry.arrays import Matrix, Points
from ..geometry.landmarks import CANONICAL
from ..geometry.similarity import inverse
from ..judges import boxed, upright
from ..networks import dlib_resnet, facenet, lightcnn, sface
from ..networks.dlib_format import read_resnet
from ..networks.dlib_resnet import DlibResnet
from ..networks.facenet import InceptionResnet, read_facenet
from ..networks.lightcnn import LightCnn, read_lightcnn
from ..networks.sface import read_sface
from ..networks.vgg import Vgg
from ..networks.vgg_files import vgg16, vgg19

STAGES = (2, 6, 9, 12)  # of dlib's: the last block of 32, 64, 128 and 256 channels
VGG16 = ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3")
VGG19 = ("relu1_2", "relu2_2", "relu3_4", "relu4_4", "relu5_4")


def tight(landmarks: Points) -> Matrix:
    """Of LightCNN's view: FaceNet's without the margin round the box."""
    rim = (facenet.SIZE - lightcnn.SIZE) / 2
    seen: Matrix = boxed(landmarks) - np.array([[0, 0, rim], [0, 0, rim]])
    return seen


def stages_of_dlib(network: DlibResnet, chips: Tensor) -> list[Tensor]:
    """Features after each of dlib's four stages."""
    seen = functional.max_pool2d(functional.relu(network.stem(chips)), 3, stride=2)
    found = []
    for number in range(STAGES[-1] + 1):
        seen = network.blocks[number](seen)
        if number in STAGES:
            found.append(seen)
    return found


def stages_of_facenet(network: InceptionResnet, faces: Tensor) -> list[Tensor]:
    """Features after FaceNet's stem and its three kinds of blocks."""
    seen, found = faces * facenet.RANGE, []
    for part in (network.stem, network.fine, network.middle, network.coarse):
        seen = part(seen)
        found.append(seen)
    return found


def stages_of_lightcnn(network: LightCnn, faces: Tensor) -> list[Tensor]:
    """Features after LightCNN's four stages."""
    return network.layers(faces)


def stages_of_vgg16(network: Vgg, faces: Tensor) -> list[Tensor]:
    """Features of VGG16 before each halving."""
    return list(network(faces, VGG16).values())


def stages_of_vgg19(network: Vgg, faces: Tensor) -> list[Tensor]:
    """Features of VGG19 before each halving."""
    return list(network(faces, VGG19).values())


@dataclass(frozen=True)
class Kind:
    """How a network is used.

    read: from the file of weights to the network; laid: from landmarks (68, 2) to the matrix (2, 3)
    of what it sees, None where it sees the crop as it is; size: pixels a side of that; layers: its
    features, the finest first, None where nobody asks for them.
    """

    read: Callable[[Path], nn.Module]
    laid: Callable[[Points], Matrix] | None = None
    size: int = 0
    layers: Callable[[Any, Tensor], list[Tensor]] | None = None


KINDS = {
    "dlib": Kind(
        lambda path: DlibResnet(read_resnet(path)), chip_matrix, dlib_resnet.SIZE, stages_of_dlib
    ),
    "sface": Kind(read_sface, upright, sface.SIZE),
    "facenet": Kind(read_facenet, boxed, facenet.SIZE, stages_of_facenet),
    "lightcnn": Kind(read_lightcnn, tight, lightcnn.SIZE, stages_of_lightcnn),
    "vgg16": Kind(lambda path: vgg16(path, VGG16[-1]), layers=stages_of_vgg16),
    "vgg19": Kind(lambda path: vgg19(path, VGG19[-1]), layers=stages_of_vgg19),
}


class Features:
    """A network and its weights, and where in an aligned crop what it sees lies."""

    def __init__(self, kind: str, weights: Path, coverage: float) -> None:
        """kind: of KINDS; weights: its file; coverage: as `crop.coverage`."""
        self.kind = KINDS[kind]
        self.network = self.kind.read(weights).eval().requires_grad_(False)
        laid = self.kind.laid
        self.places = None if laid is None else places(laid, self.kind.size, coverage)

    def descriptors(self, faces: Tensor) -> Tensor:
        """Who it is, (B, D), of crops (B, 3, S, S) in [-1, 1]."""
        described: Tensor = self.on(faces)(self.views(faces))
        return described

    def layers(self, faces: Tensor) -> list[Tensor]:
        """Features after several stages, the finest first; ValueError where it has none to show."""
        if self.kind.layers is None:
            raise ValueError("nobody has said which of this network's features count")
        return self.kind.layers(self.on(faces), self.views(faces))

    def views(self, faces: Tensor) -> Tensor:
        """The faces (B, 3, S, S) as the network wants them: (B, 3, size, size)."""
        seen = faces
        if self.places is not None:
            grid = self.places.to(faces).expand(len(faces), -1, -1, -1)
            seen = functional.grid_sample(faces, grid, padding_mode="border", align_corners=False)
        return seen.contiguous(memory_format=torch.channels_last)

    def on(self, faces: Tensor) -> nn.Module:
        """The network where the faces are."""
        return self.network.to(faces.device)


def places(laid: Callable[[Points], Matrix], size: int, coverage: float) -> Tensor:
    """Where in a crop each pixel of a mean face's view lies: (1, size, size, 2) in [-1, 1]."""
    lying = (CANONICAL - 0.5) * coverage  # a crop from -.5 to .5, as in `landmarks.aligned`
    back = inverse(laid(lying))
    pixels = np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1)
    crop = pixels @ back[:, :2].T + back[:, 2]
    return torch.from_numpy(2 * crop)[None].float()
