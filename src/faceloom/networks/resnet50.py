"""ResNet50 (He et al. 2016, arXiv 1512.03385) as ImageNet taught it: 2048 features of a picture.

As Keras has it: the first convolution of a stage strides, and colours are Caffe's.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from faceloom.networks.stored import Affine, Stored, convolution, normalisation, read
from faceloom.networks.tfjs import numbers

SIZE = 224  # pixels a side
FEATURES = 2048
STAGES = {2: "abc", 3: "abcd", 4: "abcdef", 5: "abc"}  # the names of each stage's blocks
MEANS = (123.68, 116.779, 103.939)  # of ImageNet's red, green and blue, in 0..255
EPSILON = 1e-3


class ResNet50(nn.Module):
    """The last map of features; the classes are left out. Gradients may flow through it."""

    means: Tensor

    def __init__(self, stored: Stored) -> None:
        """Take the weights; Foreign where they are others."""
        super().__init__()
        kernel = kernel_of(stored, "conv1", 7, 3, 64).flip(1)  # it was taught blue, green, red
        self.stem = layer(stored, "conv1", "bn_conv1", kernel, stride=2)
        blocks: list[nn.Module] = []
        inputs = 64
        for stage, names in STAGES.items():
            inside = 64 * 2 ** (stage - 2)
            for name in names:
                first = name == "a"
                stride = 2 if first and stage > 2 else 1
                blocks.append(Bottleneck(stored, f"{stage}{name}", inputs, inside, stride))
                inputs = 4 * inside
        self.blocks = nn.Sequential(*blocks)
        self.register_buffer("means", torch.tensor(MEANS).reshape(3, 1, 1), persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """Features (B, 2048, h, w) of pictures (B, 3, H, W), RGB in [-1, 1]; h = H / 32."""
        pixels = (pictures * 127.5 + (127.5 - self.means)).contiguous(
            memory_format=torch.channels_last
        )
        seen = functional.relu(self.stem(pixels))
        seen = functional.max_pool2d(seen, 3, 2, padding=1)
        features: Tensor = self.blocks(seen)
        return features


class Bottleneck(nn.Module):
    """Fewer channels, 3x3, and four times as many again, added to what came in."""

    def __init__(self, stored: Stored, name: str, inputs: int, inside: int, stride: int) -> None:
        """name: of the block, as `3a`; where it is a stage's first, what comes in is widened."""
        super().__init__()
        shapes = [(1, inputs, inside), (3, inside, inside), (1, inside, 4 * inside)]
        self.layers = nn.ModuleList(
            branch(stored, f"{name}_branch2{letter}", shape, stride if letter == "a" else 1)
            for letter, shape in zip("abc", shapes, strict=True)
        )
        widened = (1, inputs, 4 * inside)
        self.beside = (
            branch(stored, f"{name}_branch1", widened, stride)
            if inputs != 4 * inside
            else nn.Identity()
        )

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, h, w) to (B, D, h', w')."""
        changed = features
        for number, each in enumerate(self.layers):
            changed = each(functional.relu(changed) if number else changed)
        return functional.relu(changed + self.beside(features))


def branch(stored: Stored, name: str, shape: tuple[int, int, int], stride: int) -> nn.Conv2d:
    """A convolution within a block: its side, and how many channels go in and come out."""
    kernel = kernel_of(stored, f"res{name}", *shape)
    return layer(stored, f"res{name}", f"bn{name}", kernel, stride)


def layer(stored: Stored, name: str, after: str, kernel: Tensor, stride: int) -> nn.Conv2d:
    """A convolution of that kernel, with its bias and the normalisation after it."""
    outputs, side = len(kernel), kernel.shape[2]
    bias = stored.of(f"{name}/bias", outputs)
    folded = affine(stored, after, outputs)
    return convolution(kernel, bias, after=folded, stride=stride, padding=side // 2)


def kernel_of(stored: Stored, name: str, side: int, inputs: int, outputs: int) -> Tensor:
    """A kernel (out, in, side, side)."""
    return stored.of(f"{name}/kernel", side, side, inputs, outputs).permute(3, 2, 0, 1)


def affine(stored: Stored, name: str, channels: int) -> Affine:
    """A normalisation of that name."""
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    gamma, beta, mean, variance = (stored.of(f"{name}/{part}", channels) for part in parts)
    return normalisation(gamma, beta, mean, variance, EPSILON)


def read_resnet50(path: Path) -> ResNet50:
    """The network of resnet50.tfjs; FaceloomError where it is another file, or damaged."""
    return read(path, "resnet50.tfjs", lambda data: ResNet50(numbers(data)))
