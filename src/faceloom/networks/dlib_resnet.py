"""dlib's face descriptor as a network of ours: 128 numbers, near each other for one person.

King 2017, "High quality face recognition with deep metric learning" (blog.dlib.net): a residual
network of 29 convolutions (after He et al. 2016, half the filters), read from dlib's own file.
Gradients flow to the picture, so that it can be a loss.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from faceloom.networks.bf16 import kept_in, lowered
from faceloom.networks.dlib_format import Network, read_resnet
from faceloom.networks.dlib_modules import SCALE, convolution
from faceloom.training.precision import Precision

SIZE = 150  # pixels a side of a chip
BATCH = 16  # chips that are described at once: more is no faster on CPUs


class DlibResnet(nn.Module):
    """Descriptors of chips: faces upright on 150x150 pixels, as `descriptors.chip_matrix` cuts."""

    def __init__(self, stored: Network) -> None:
        """Take the weights, affine layers folded; they are not to be learnt."""
        super().__init__()
        stem, *rest = map(convolution, stored.convolutions())
        self.stem = from_unit(stem, stored.means)
        self.blocks = nn.Sequential(*map(Block, rest[::2], rest[1::2]))
        self.dense = nn.Parameter(torch.from_numpy(stored.dense().weight), requires_grad=False)
        self.eval()

    def forward(self, chips: Tensor) -> Tensor:
        """Descriptors (B, 128) in float32, of chips (B, 3, 150, 150), RGB in [-1, 1]."""
        pooled = self.features(chips).float().mean((2, 3))
        return pooled @ self.dense.float()

    def features(self, chips: Tensor) -> Tensor:
        """The last map of features (B, 256, 4, 4)."""
        pixels = chips.to(kept_in(self), memory_format=torch.channels_last)
        seen: Tensor = self.blocks(F.max_pool2d(F.relu_(self.stem(pixels)), 3, stride=2))
        return seen


def from_unit(stem: nn.Conv2d, means: tuple[float, ...]) -> nn.Conv2d:
    """The first convolution, made to take [-1, 1] instead of what dlib makes of 0..255.

    It has no padding, so that scale and means go into its weights.
    """
    weight, bias = stem.weight.data.double(), stem.bias
    centre = (127.5 - weight.new_tensor(means)) / SCALE
    if bias is not None:
        bias.data = (bias.data + (weight * centre[:, None, None]).sum((1, 2, 3))).float()
    stem.weight.data = (weight * (127.5 / SCALE)).float()
    return stem


class Block(nn.Module):
    """Two convolutions beside what they change; where the first halves, so does a mean."""

    def __init__(self, first: nn.Conv2d, second: nn.Conv2d) -> None:
        """Both 3x3; the first of stride 1 or 2."""
        super().__init__()
        self.first, self.second = first, second
        self.halves = first.stride == (2, 2)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, h, w) to (B, D, h', w')."""
        beside = F.avg_pool2d(features, 2) if self.halves else features
        changed = self.second(F.relu_(self.first(features)))
        return F.relu_(sum_of(changed, beside))


def sum_of(one: Tensor, two: Tensor) -> Tensor:
    """dlib's add_prev_: both filled up with zeros, at the end, to the larger of their sizes.

    The first may be overwritten.
    """
    if one.shape == two.shape:
        return one.add_(two)
    size = [max(sides) for sides in zip(one.shape, two.shape, strict=True)]
    return filled(one, size) + filled(two, size)


def filled(values: Tensor, size: list[int]) -> Tensor:
    """Zeros behind the last channel, row and column."""
    missing = [whole - part for whole, part in zip(size, values.shape, strict=True)]
    return F.pad(values, (0, missing[3], 0, missing[2], 0, missing[1]))


class Descriptors:
    """Chips to descriptors, in batches."""

    def __init__(
        self,
        weights: Path,
        *,
        precision: Precision = "fp32",
        device: torch.device | str = "cpu",
    ) -> None:
        """Load dlib_face_recognition_resnet_model_v1.dat."""
        self.device = torch.device(device)
        network = DlibResnet(read_resnet(weights))
        lower = precision == "bf16"
        self.network = lowered(network, self.device) if lower else network.to(self.device)

    @torch.inference_mode()
    def __call__(self, chips: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Descriptors (N, 128) of chips (N, 150, 150, 3), RGB."""
        found = [np.empty((0, 128))]
        for start in range(0, len(chips), BATCH):
            batch = torch.from_numpy(chips[start : start + BATCH]).to(self.device)
            described = self.network(batch.permute(0, 3, 1, 2) / 127.5 - 1)
            found.append(described.cpu().numpy().astype(float))
        return np.concatenate(found)
