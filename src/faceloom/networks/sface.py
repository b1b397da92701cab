"""SFace (Zhong et al. 2021, arXiv 2205.12010): 128 numbers, near each other for one person.

A MobileNet (Howard et al. 2017) with PReLU, as OpenCV's model zoo has it.
"""

from pathlib import Path

from torch import Tensor, nn
from torch.nn import functional

from faceloom.networks.onnx import initialisers
from faceloom.networks.stored import Affine, Stored, convolution, dense, normalisation, read

SIZE = 112  # pixels a side
LENGTH = 128
BLOCKS = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]  # channels, stride
BLOCKS += [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
FEATURES = 7  # pixels a side of the last map
EPSILON, LAST = 1e-3, 2e-5  # of the normalisations; of the last two
RANGE = 127.5 / 128  # it was taught on numbers from minus this to this


class SFace(nn.Module):
    """Descriptors of faces upright on 112x112 pixels."""

    def __init__(self, stored: Stored) -> None:
        """Take the weights; Foreign where they are others."""
        super().__init__()
        layers = layer(stored, "conv_1", stored.of("conv_1_conv2d_weight", 32, 3, 3, 3))
        inputs = 32
        for number, (outputs, stride) in enumerate(BLOCKS, 2):
            name = f"conv_{number}"
            kernel = stored.of(f"{name}_dw_conv2d_weight", inputs, 1, 3, 3)
            layers += layer(stored, f"{name}_dw", kernel, stride, inputs)
            layers += layer(stored, name, stored.of(f"{name}_conv2d_weight", outputs, inputs, 1, 1))
            inputs = outputs
        self.body = nn.Sequential(*layers)
        self.dense = last(stored)

    def forward(self, faces: Tensor) -> Tensor:
        """Descriptors (B, 128) of length 1, of faces (B, 3, 112, 112), RGB in [-1, 1]."""
        return functional.normalize(self.dense(self.features(faces).flatten(1)))

    def features(self, faces: Tensor) -> Tensor:
        """The last map of features (B, 1024, 7, 7)."""
        seen: Tensor = self.body(faces * RANGE)
        return seen


def layer(
    stored: Stored, name: str, kernel: Tensor, stride: int = 1, groups: int = 1
) -> list[nn.Module]:
    """A convolution with its normalisation, and the slope of what is negative."""
    outputs = len(kernel)
    slope = nn.PReLU(outputs)
    slope.weight.data = stored.of(f"{name}_relu_gamma", outputs, 1, 1).flatten().float()
    after = affine(stored, f"{name}_batchnorm", outputs, EPSILON)
    padding = kernel.shape[2] // 2
    return [
        convolution(kernel, after=after, stride=stride, padding=padding, groups=groups),
        slope,
    ]


def affine(stored: Stored, name: str, channels: int, epsilon: float) -> Affine:
    """A normalisation of that name."""
    parts = ("gamma", "beta", "moving_mean", "moving_var")
    gamma, beta, mean, variance = (stored.of(f"{name}_{part}", channels) for part in parts)
    return normalisation(gamma, beta, mean, variance, epsilon)


def last(stored: Stored) -> nn.Linear:
    """The last layer, with the normalisations before and after it."""
    channels, pixels = BLOCKS[-1][0], FEATURES**2
    weight = stored.of("pre_fc1_weight", LENGTH, channels * pixels)
    bias = stored.of("pre_fc1_bias", LENGTH)
    before = affine(stored, "bn1", channels, LAST)
    after = affine(stored, "fc1", LENGTH, LAST)
    bias = bias + weight @ before.shift.repeat_interleave(pixels)
    weight = weight * before.scale.repeat_interleave(pixels)
    return dense(weight * after.scale[:, None], bias * after.scale + after.shift)


def read_sface(path: Path) -> SFace:
    """The network of sface.onnx; FaceloomError where it is another file, or damaged."""
    return read(path, "sface.onnx", lambda data: SFace(initialisers(data)))
