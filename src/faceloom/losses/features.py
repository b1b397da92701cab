"""What dlib's descriptor network sees in faces as they lie in crops; gradients reach them."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..descriptors import chip_matrix
from ..geometry.landmarks import CANONICAL
from ..geometry.similarity import inverse
from ..networks.dlib_format import read_resnet
from ..networks.dlib_resnet import SIZE, DlibResnet

STAGES = (2, 6, 9, 12)  # the last block of 32, 64, 128 and 256 channels


class Features:
    """The network and its weights, and where in an aligned crop its chip lies."""

    def __init__(self, weights: Path, coverage: float) -> None:
        """Load dlib_face_recognition_resnet_model_v1.dat; coverage: as `crop.coverage`."""
        self.network = DlibResnet(read_resnet(weights))
        self.places = places(coverage)

    def descriptors(self, faces: Tensor) -> Tensor:
        """Descriptors (B, 128) of crops (B, 3, S, S) in [-1, 1]."""
        described: Tensor = self.on(faces)(self.chips(faces))
        return described

    def layers(self, faces: Tensor) -> list[Tensor]:
        """Features after each of the four stages, the finest first."""
        network = self.on(faces)
        seen = functional.max_pool2d(functional.relu(network.stem(self.chips(faces))), 3, stride=2)
        found = []
        for number in range(STAGES[-1] + 1):
            seen = network.blocks[number](seen)
            if number in STAGES:
                found.append(seen)
        return found

    def chips(self, faces: Tensor) -> Tensor:
        """The faces (B, 3, S, S) as the network wants them: (B, 3, 150, 150)."""
        grid = self.places.to(faces).expand(len(faces), SIZE, SIZE, 2)
        chips = functional.grid_sample(faces, grid, padding_mode="border", align_corners=False)
        return chips.contiguous(memory_format=torch.channels_last)

    def on(self, faces: Tensor) -> DlibResnet:
        """The network where the faces are."""
        return self.network.to(faces.device)


def places(coverage: float) -> Tensor:
    """Where in a crop each pixel of a mean face's chip lies: (1, 150, 150, 2) in [-1, 1]."""
    lying = (CANONICAL - 0.5) * coverage  # a crop from -.5 to .5, as in `landmarks.aligned`
    back = inverse(chip_matrix(lying))
    pixels = np.stack(np.meshgrid(np.arange(SIZE), np.arange(SIZE)), axis=-1)
    crop = pixels @ back[:, :2].T + back[:, 2]
    return torch.from_numpy(2 * crop)[None].float()
