"""dlib's face detector as a network of ours: how much each window of a picture is a face.

King 2015, "Max-Margin Object Detection" (arXiv 1502.00046): seven convolutions, read from dlib's
own file, over all levels of a pyramid at once.
"""

from collections.abc import Iterable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from faceloom.networks.dlib_format import Windows
from faceloom.networks.dlib_layers import Convolution
from faceloom.networks.dlib_modules import convolution


class Edges(NamedTuple):
    """At which sides of a part of a picture the picture ends, and nothing is seen beyond."""

    left: bool
    right: bool
    top: bool
    bottom: bool

    def filled(self, features: Tensor, across: int, down: int) -> Tensor:
        """Features (B, C, h, w) with so many zeros where the picture ends."""
        width = (across * self.left, across * self.right)
        return F.pad(features, (*width, down * self.top, down * self.bottom))


class Mmod(nn.Module):
    """The score of each window of pictures that are `normalised`.

    Attributes:
        means: of red, green and blue.
        stride: pixels of the picture from one window to the next.
        first: where the centre of the first window is.
        least: a picture that is narrower or lower has no window.
        edge: so many windows at each side see beyond the picture.
    """

    def __init__(self, windows: Windows) -> None:
        """Take the weights, affine layers folded; they are not to be learnt."""
        super().__init__()
        stored = windows.network.convolutions()
        *body, head = map(convolution, stored)
        self.body = nn.ModuleList(body)
        self.inside = nn.ModuleList(map(unpadded, body))
        self.head = Rows(head)
        self.means = windows.network.means
        self.stride, self.first, self.least = geometry(stored)
        *self.paddings, last = (each.padding[0] for each in stored)
        self.edge = sum(self.paddings) + last
        self.eval()

    def forward(self, pictures: Tensor, edges: Edges | None = None) -> Tensor:
        """Scores (B, h, w) in float32, from pictures (B, 3, H, W); above 0 is a face.

        Of parts of larger pictures there are scores only for windows of which all is seen that
        they would see there: `edges` of them fewer at each side where the picture goes on.
        """
        features = pictures
        for layer, inside, padding in zip(self.body, self.inside, self.paddings, strict=True):
            if edges is None or not padding:
                features = layer(features)
            else:
                features = inside(edges.filled(features, padding, padding))
            F.relu_(features)
        scores: Tensor = self.head(features, edges)
        return scores


class Rows(nn.Module):
    """A convolution to one channel, as one of each of its rows to a channel of its own.

    The rows' results are shifted and added: the same sum in another order, and several times
    faster on CPUs, whose convolutions are made for many channels.
    """

    def __init__(self, whole: nn.Conv2d) -> None:
        """whole: of odd size and stride 1, padded to keep the size of what it sees."""
        super().__init__()
        _, inputs, height, width = whole.weight.shape
        self.rows = nn.Conv2d(inputs, height, (1, width), padding=(0, width // 2), bias=False)
        weight = whole.weight.data[0].transpose(0, 1)[:, :, None]
        self.rows.weight.data = weight.contiguous(memory_format=torch.channels_last)
        self.rows.requires_grad_(False)
        self.inside = unpadded(self.rows)
        self.across = width // 2
        self.bias = float(whole.bias.detach()) if whole.bias is not None else 0.0

    def forward(self, features: Tensor, edges: Edges | None = None) -> Tensor:
        """(B, inputs, h, w) to (B, h, w), float32; of parts of pictures less, as `Mmod` says."""
        if edges is None:
            rows = self.rows(features)
        else:
            rows = self.inside(edges.filled(features, self.across, 0))
        edges = edges or Edges(True, True, True, True)
        count = rows.shape[1]
        seen = edges.filled(rows.float().contiguous(), 0, count // 2)
        height = seen.shape[2] - count + 1
        total = torch.full_like(seen[:, 0, :height], self.bias)
        for number in range(count):
            total += seen[:, number, number : number + height]
        return total


def unpadded(layer: nn.Conv2d) -> nn.Conv2d:
    """A layer with the weights of another, but without its padding."""
    outputs, inputs, height, width = layer.weight.shape
    stride = layer.stride[0], layer.stride[1]
    other = nn.Conv2d(inputs, outputs, (height, width), stride, bias=False)
    other.weight, other.bias = layer.weight, layer.bias
    return other


def geometry(stored: Iterable[Convolution]) -> tuple[int, int, int]:
    """Stride, first centre and least size of convolutions one after the other."""
    stride, first, least = 1, 0, 1
    for each in stored:
        around, padding = each.weight.shape[-1] - 1, each.padding[-1]
        first += (around // 2 - padding) * stride
        least += (around - 2 * padding) * stride
        stride *= each.stride[-1]
    return stride, first, least
