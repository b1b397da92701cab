"""FaceNet (Schroff et al. 2015) as an Inception-ResNet (Szegedy et al. 2016): 512 numbers a face.

The first of the Inception-ResNets, as David Sandberg trained it on VGGFace2 (model 20180402).
"""

from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from faceloom.networks.graphdef import constants
from faceloom.networks.stored import Affine, Stored, convolution, dense, normalisation, read

SIZE = 160  # pixels a side
LENGTH = 512
EPSILON = 1e-3
RANGE = 127.5 / 128  # it was taught on numbers from minus this to this

Kernel = tuple[str, int, tuple[int, int], int, bool]
"""A convolution's name, its channels, its sides, its stride, and whether the map keeps its size."""


class InceptionResnet(nn.Module):
    """Descriptors of faces on 160x160 pixels, as `FACENET` cuts them."""

    def __init__(self, stored: Stored) -> None:
        """Take the weights; Foreign where they are others."""
        super().__init__()
        taught = Taught(stored, "InceptionResnetV1")
        self.stem = nn.Sequential(
            taught.chain(3, [("Conv2d_1a_3x3", 32, (3, 3), 2, False)]),
            taught.chain(32, [("Conv2d_2a_3x3", 32, (3, 3), 1, False)]),
            taught.chain(32, [("Conv2d_2b_3x3", 64, (3, 3), 1, True)]),
            nn.MaxPool2d(3, 2),
            taught.chain(64, [("Conv2d_3b_1x1", 80, (1, 1), 1, False)]),
            taught.chain(80, [("Conv2d_4a_3x3", 192, (3, 3), 1, False)]),
            taught.chain(192, [("Conv2d_4b_3x3", 256, (3, 3), 2, False)]),
        )
        self.fine = nn.Sequential(
            *(Residual(*block35(taught.at(f"Repeat/block35_{n}")), 0.17) for n in range(1, 6)),
            smaller_a(taught.at("Mixed_6a")),
        )
        self.middle = nn.Sequential(
            *(Residual(*block17(taught.at(f"Repeat_1/block17_{n}")), 0.1) for n in range(1, 11)),
            smaller_b(taught.at("Mixed_7a")),
        )
        self.coarse = nn.Sequential(
            *(Residual(*block8(taught.at(f"Repeat_2/block8_{n}")), 0.2) for n in range(1, 6)),
            Residual(*block8(taught.at("Block8")), 1.0, last=True),
        )
        weight = stored.of("InceptionResnetV1/Bottleneck/weights", 1792, LENGTH).T
        after = taught.normalised("Bottleneck", LENGTH)
        self.dense = dense(weight * after.scale[:, None], after.shift)

    def forward(self, faces: Tensor) -> Tensor:
        """Descriptors (B, 512) of length 1, of faces (B, 3, 160, 160), RGB in [-1, 1]."""
        return functional.normalize(self.dense(self.features(faces).mean((2, 3))))

    def features(self, faces: Tensor) -> Tensor:
        """The last map of features (B, 1792, 3, 3)."""
        pixels = (faces * RANGE).contiguous(memory_format=torch.channels_last)
        seen: Tensor = self.coarse(self.middle(self.fine(self.stem(pixels))))
        return seen


class Taught:
    """Weights of a part of the network, and the layers made of them."""

    def __init__(self, stored: Stored, path: str) -> None:
        """path: of the part, as the file has it."""
        self.stored, self.path = stored, path

    def at(self, name: str) -> "Taught":
        """A part of this part."""
        return Taught(self.stored, f"{self.path}/{name}")

    def chain(self, inputs: int, kernels: list[Kernel]) -> nn.Sequential:
        """Convolutions one after the other, normalised, each with what is negative cut off."""
        channels = [inputs, *(kernel[1] for kernel in kernels)]
        layers: list[nn.Module] = []
        for (before, outputs), (name, _, sides, stride, same) in zip(
            pairwise(channels), kernels, strict=True
        ):
            weight = self.stored.of(f"{self.path}/{name}/weights", *sides, before, outputs)
            padding = (sides[0] // 2, sides[1] // 2) if same else 0
            after = self.normalised(name, outputs)
            kernel = weight.permute(3, 2, 0, 1)
            layers.append(convolution(kernel, after=after, stride=stride, padding=padding))
            layers.append(nn.ReLU())
        return nn.Sequential(*layers)

    def normalised(self, name: str, channels: int) -> Affine:
        """The normalisation behind a layer; it has no scale of its own."""
        parts = ("beta", "moving_mean", "moving_variance")
        beta, mean, variance = (
            self.stored.of(f"{self.path}/{name}/BatchNorm/{part}", channels) for part in parts
        )
        return normalisation(1.0, beta, mean, variance, EPSILON)

    def joining(self, inputs: int, outputs: int) -> nn.Conv2d:
        """What makes of the branches a change of the features; it is not normalised."""
        weight = self.stored.of(f"{self.path}/Conv2d_1x1/weights", 1, 1, inputs, outputs)
        bias = self.stored.of(f"{self.path}/Conv2d_1x1/biases", outputs)
        return convolution(weight.permute(3, 2, 0, 1), bias)


class Branches(nn.Module):
    """Several views of the same features, one behind the other."""

    def __init__(self, *branches: nn.Module) -> None:
        """Each takes the same."""
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, h, w) to (B, D, h', w')."""
        return torch.cat([branch(features) for branch in self.branches], 1)


class Residual(nn.Module):
    """Features, and a share of what branches would have changed in them."""

    def __init__(
        self, branches: nn.Module, join: nn.Conv2d, share: float, last: bool = False
    ) -> None:
        """last: what is negative stays."""
        super().__init__()
        self.branches, self.join, self.share, self.last = branches, join, share, last

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, h, w) to the same shape."""
        changed = features + self.share * self.join(self.branches(features))
        return changed if self.last else functional.relu(changed)


def block35(taught: Taught) -> tuple[nn.Module, nn.Conv2d]:
    """On the finest map: one pixel, 3x3, and twice 3x3."""
    one, fewer = ("Conv2d_1x1", 32, (1, 1), 1, True), ("Conv2d_0a_1x1", 32, (1, 1), 1, True)
    wide = ("Conv2d_0b_3x3", 32, (3, 3), 1, True)
    branches = Branches(
        taught.at("Branch_0").chain(256, [one]),
        taught.at("Branch_1").chain(256, [fewer, wide]),
        taught.at("Branch_2").chain(256, [fewer, wide, ("Conv2d_0c_3x3", 32, (3, 3), 1, True)]),
    )
    return branches, taught.joining(96, 256)


def smaller_a(taught: Taught) -> nn.Module:
    """Half as many pixels a side, 896 channels."""
    kernels: list[Kernel] = [
        ("Conv2d_0a_1x1", 192, (1, 1), 1, True),
        ("Conv2d_0b_3x3", 192, (3, 3), 1, True),
        ("Conv2d_1a_3x3", 256, (3, 3), 2, False),
    ]
    return Branches(
        taught.at("Branch_0").chain(256, [("Conv2d_1a_3x3", 384, (3, 3), 2, False)]),
        taught.at("Branch_1").chain(256, kernels),
        nn.MaxPool2d(3, 2),
    )


def block17(taught: Taught) -> tuple[nn.Module, nn.Conv2d]:
    """On the middle map: one pixel, and a row of seven and a column of seven."""
    kernels: list[Kernel] = [
        ("Conv2d_0a_1x1", 128, (1, 1), 1, True),
        ("Conv2d_0b_1x7", 128, (1, 7), 1, True),
        ("Conv2d_0c_7x1", 128, (7, 1), 1, True),
    ]
    branches = Branches(
        taught.at("Branch_0").chain(896, [("Conv2d_1x1", 128, (1, 1), 1, True)]),
        taught.at("Branch_1").chain(896, kernels),
    )
    return branches, taught.joining(256, 896)


def smaller_b(taught: Taught) -> nn.Module:
    """Half as many pixels a side again, 1792 channels."""
    fewer = ("Conv2d_0a_1x1", 256, (1, 1), 1, True)
    wide = ("Conv2d_0b_3x3", 256, (3, 3), 1, True)
    return Branches(
        taught.at("Branch_0").chain(896, [fewer, ("Conv2d_1a_3x3", 384, (3, 3), 2, False)]),
        taught.at("Branch_1").chain(896, [fewer, ("Conv2d_1a_3x3", 256, (3, 3), 2, False)]),
        taught.at("Branch_2").chain(896, [fewer, wide, ("Conv2d_1a_3x3", 256, (3, 3), 2, False)]),
        nn.MaxPool2d(3, 2),
    )


def block8(taught: Taught) -> tuple[nn.Module, nn.Conv2d]:
    """On the coarsest map: one pixel, and a row of three and a column of three."""
    kernels: list[Kernel] = [
        ("Conv2d_0a_1x1", 192, (1, 1), 1, True),
        ("Conv2d_0b_1x3", 192, (1, 3), 1, True),
        ("Conv2d_0c_3x1", 192, (3, 1), 1, True),
    ]
    branches = Branches(
        taught.at("Branch_0").chain(1792, [("Conv2d_1x1", 192, (1, 1), 1, True)]),
        taught.at("Branch_1").chain(1792, kernels),
    )
    return branches, taught.joining(384, 1792)


def read_facenet(path: Path) -> InceptionResnet:
    """The network of facenet_20180402.pb; FaceloomError where it is another file, or damaged."""
    return read(path, "facenet_20180402.pb", lambda data: InceptionResnet(constants(data)))
