"""Pictures enlarged four times by networks that were taught to undo blur, noise and compression.

Wang et al. 2021, "Real-ESRGAN: Training Real-World Blind Super-Resolution with Pure Synthetic Data"
(arXiv 2107.10833). `Dense` is ESRGAN's generator (Wang et al. 2018, arXiv 1809.00219, section 3.1),
out of realesrgan-x4plus.bin in ncnn's format; `Compact` the small one for general scenes
(realesr-general-x4v3), out of RealESR_Gx4.pth, layers named as in its file.
"""

from pathlib import Path
from pickle import UnpicklingError

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from faceloom.errors import FaceloomError
from faceloom.networks.ncnn import kernels

TIMES = 4  # so many times as wide, and as high
SLOPE = 0.2  # below zero
SHARE = 0.2  # of what a block adds

# what torch raises over bytes that are no such network
BROKEN = (AttributeError, EOFError, KeyError, OSError, RuntimeError, TypeError, UnpicklingError)


class Compact(nn.Module):
    """Convolutions at the small size, then sub-pixels added to the pixels repeated."""

    def __init__(self, width: int = 64, depth: int = 32) -> None:
        """Untaught; width: channels, depth: convolutions between the first and the last."""
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in (3, *[width] * depth):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.PReLU(width)]
        self.body = nn.Sequential(*layers, nn.Conv2d(width, 3 * TIMES**2, 3, padding=1))

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, H, W), RGB in [-1, 1], to (B, 3, 4H, 4W) of about that range."""
        small = pictures / 2 + 0.5
        finer = F.pixel_shuffle(self.body(small), TIMES)
        return (finer + F.interpolate(small, scale_factor=TIMES, mode="nearest")) * 2 - 1


class Dense(nn.Module):
    """Residual blocks within residual blocks, without normalisation."""

    def __init__(self, blocks: int = 23, width: int = 64, growth: int = 32) -> None:
        """Untaught; growth: channels that each convolution adds within a block."""
        super().__init__()
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.body = nn.Sequential(*(Block(width, growth) for _ in range(blocks)))
        self.after = nn.Conv2d(width, width, 3, padding=1)
        self.doubled = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.finer = nn.Conv2d(width, width, 3, padding=1)
        self.last = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, H, W), RGB in [-1, 1], to (B, 3, 4H, 4W) of about that range."""
        begun = self.first(pictures / 2 + 0.5)
        features = begun + self.after(self.body(begun))
        for convolution in self.doubled:
            large = F.interpolate(features, scale_factor=2, mode="nearest")
            features = F.leaky_relu(convolution(large), SLOPE)
        made: Tensor = self.last(F.leaky_relu(self.finer(features), SLOPE))
        return made * 2 - 1


class Block(nn.Module):
    """Three of those below, and beside them what they change."""

    def __init__(self, width: int, growth: int) -> None:
        """Untaught."""
        super().__init__()
        self.parts = nn.Sequential(*(Grown(width, growth) for _ in range(3)))

    def forward(self, features: Tensor) -> Tensor:
        """Of the same size."""
        changed: Tensor = features + SHARE * self.parts(features)
        return changed


class Grown(nn.Module):
    """Five convolutions, each of which sees what all before it have found."""

    def __init__(self, width: int, growth: int) -> None:
        """Untaught."""
        super().__init__()
        sizes = [(width + n * growth, growth) for n in range(4)] + [(width + 4 * growth, width)]
        self.convolutions = nn.ModuleList(nn.Conv2d(*each, 3, padding=1) for each in sizes)

    def forward(self, features: Tensor) -> Tensor:
        """Of the same size."""
        found = features
        for convolution in self.convolutions[:-1]:
            found = torch.cat([found, F.leaky_relu(convolution(found), SLOPE)], dim=1)
        changed: Tensor = features + SHARE * self.convolutions[-1](found)
        return changed


def compact(path: Path) -> Compact:
    """The small network, ready to be asked, from RealESR_Gx4.pth.

    Raises:
        FaceloomError: another file, or a damaged one.
    """
    network = Compact()
    try:
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["params"])
    except BROKEN:
        raise refused(path) from None
    return network.eval().requires_grad_(False)


def dense(path: Path, blocks: int = 23) -> Dense:
    """The large network, ready to be asked, from realesrgan-x4plus.bin.

    Raises:
        FaceloomError: another file, or a damaged one.
    """
    network = Dense(blocks)
    layers = [each for each in network.modules() if isinstance(each, nn.Conv2d)]
    shapes = [tuple(each.weight.shape) for each in layers]
    try:
        for layer, (kernel, bias) in zip(layers, kernels(path.read_bytes(), shapes), strict=True):
            layer.weight.data.copy_(kernel)
            layer.bias.data.copy_(bias)  # type: ignore[union-attr]
    except ValueError:
        raise refused(path) from None
    return network.eval().requires_grad_(False)


def refused(path: Path) -> FaceloomError:
    """What to say of a file that is another, or damaged."""
    return FaceloomError(
        f"{path}: not Real-ESRGAN's weights, or damaged; "
        "delete it and fetch it again with faceloom weights"
    )
