"""Layers that faceswap-GAN's generators and discriminators have in common, their weights begun."""

from math import gcd
from typing import Literal

import torch
from torch import Tensor, nn

from .attention import attended
from .layers import Head

Norm = Literal["none", "batch", "instance", "layer", "group"]

GROUPS = 16
SUBPIXEL = 0.02  # standard deviation of the weights that begin a sub-pixel convolution
SQUEEZE = 8  # queries and keys have so many times fewer channels than values


def norm(kind: Norm, channels: int) -> nn.Module:
    """What evens out features (B, channels, H, W): over batch, face, layer or group of channels."""
    match kind:
        case "none":
            return nn.Identity()
        case "batch":
            return nn.BatchNorm2d(channels)
        case "instance":
            return nn.InstanceNorm2d(channels, affine=True)
        case "layer":
            return nn.GroupNorm(1, channels)
        case "group":
            return nn.GroupNorm(gcd(GROUPS, channels), channels)


def convolution(
    inputs: int, outputs: int, kernel: int, *, stride: int = 1, bias: bool = False
) -> nn.Conv2d:
    """A convolution with borders of kernel // 2, begun after He et al. 2015 (section 2.2)."""
    made = nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, bias=bias)
    nn.init.kaiming_normal_(made.weight)
    if made.bias is not None:
        nn.init.zeros_(made.bias)
    return made


def down(inputs: int, outputs: int, *, by: Norm = "none", stride: int = 2) -> nn.Sequential:
    """Features at half the size: 3x3 convolution, ReLU, norm."""
    return nn.Sequential(
        convolution(inputs, outputs, 3, stride=stride), nn.ReLU(), norm(by, outputs)
    )


def up(
    inputs: int, outputs: int, *, by: Norm = "none", slope: float = 0.2, bias: bool = True
) -> nn.Sequential:
    """Features at twice the size: 3x3 sub-pixel convolution, leaky ReLU, norm.

    Begun so that the four pixels of each are alike: no checkerboard (Aitken et al. 2017).
    """
    made = nn.Conv2d(inputs, 4 * outputs, 3, padding=1, bias=bias)
    one = torch.empty(outputs, inputs, 3, 3, device=made.weight.device)
    made.weight.data.copy_(nn.init.normal_(one, 0, SUBPIXEL).repeat_interleave(4, 0))
    if made.bias is not None:
        nn.init.zeros_(made.bias)
    return nn.Sequential(made, nn.LeakyReLU(slope), norm(by, 4 * outputs), nn.PixelShuffle(2))


def up_nearest(inputs: int, outputs: int, *, by: Norm = "none") -> nn.Sequential:
    """Features at twice the size with a quarter of the weights: each pixel four times, then 3x3.

    Beyond its borders a picture is mirrored.
    """
    made = convolution(inputs, outputs, 3, bias=True)
    made.padding = (0, 0)
    larger = nn.Upsample(scale_factor=2)
    return nn.Sequential(larger, nn.ReflectionPad2d(1), made, nn.LeakyReLU(0.2), norm(by, outputs))


class Residual(nn.Module):
    """Two 3x3 convolutions beside what they change (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        """Features of so many channels."""
        super().__init__()
        self.first = convolution(channels, channels, 3)
        self.second = convolution(channels, channels, 3)
        self.bend = nn.LeakyReLU(0.2)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        changed: Tensor = self.bend(features + self.second(self.bend(self.first(features))))
        return changed


class Attention(nn.Module):
    """Every pixel asks all others (self-attention of Zhang et al. 2019, equations 1 to 3).

    It begins switched off, by its gain of 0. The paper's bias of the keys is left out: it is
    the same for all that is asked, and softmax does not see it.
    """

    def __init__(self, channels: int) -> None:
        """Features of so many channels."""
        super().__init__()
        few = max(1, channels // SQUEEZE)
        self.query, self.value = nn.Conv2d(channels, few, 1), nn.Conv2d(channels, channels, 1)
        self.key = nn.Conv2d(channels, few, 1, bias=False)
        self.gain = nn.Parameter(torch.zeros(1))
        for each in (self.query, self.key, self.value):
            nn.init.xavier_uniform_(each.weight)
            if each.bias is not None:
                nn.init.zeros_(each.bias)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        query, key, value = (
            part(features).flatten(2) for part in (self.query, self.key, self.value)
        )
        seen = attended(query, key, value)
        changed: Tensor = features + self.gain * seen.view_as(features)
        return changed


def painter(channels: int, *, mask: bool) -> Head:
    """The last 5x5 convolutions, begun after Glorot and Bengio 2010."""
    head = Head(channels, kernel=5, scale=1, mask=mask)
    for each in filter(None, (head.image, head.mask)):
        nn.init.xavier_uniform_(each.weight)
        if each.bias is not None:
            nn.init.zeros_(each.bias)
    return head


def dense(inputs: int, outputs: int) -> nn.Linear:
    """A dense layer, begun after Glorot and Bengio 2010."""
    made = nn.Linear(inputs, outputs)
    nn.init.xavier_uniform_(made.weight)
    nn.init.zeros_(made.bias)
    return made


def normal(made: nn.Module, deviation: float) -> None:
    """All convolutions but the last begin at random about 0, as in faceswap-GAN v1 and v2."""
    last = {
        id(part) for head in made.modules() if isinstance(head, Head) for part in head.modules()
    }
    for each in made.modules():
        if isinstance(each, nn.Conv2d) and id(each) not in last:
            nn.init.normal_(each.weight, 0, deviation)
