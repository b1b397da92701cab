"""What each pixel of a face's crop shows, by a small network of ours.

A U-Net (Ronneberger et al. 2015, arXiv 1505.04597) whose skips are added and not stacked, as in
LinkNet (Chaurasia and Culurciello 2017, arXiv 1707.03718), and whose largest layers have half the
picture's size, each of their pixels telling of four (Shi et al. 2016, arXiv 1609.05158): made for
one core. It is taught by the stage `parser` on rendered people.
"""

from pathlib import Path
from pickle import UnpicklingError
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from faceloom.errors import FaceloomError

SIZE = 128
"""Width and height of the crops that it is taught on."""
COVERAGE = 0.9
"""How much of their width a mean face takes; see `geometry.landmarks.aligned`."""

WIDTHS = (24, 48, 96, 128)
LABELS = 8

# what torch and we ourselves raise over bytes that are no such network
BROKEN = (AttributeError, EOFError, KeyError, OSError, RuntimeError, TypeError, UnpicklingError)


class Seen(NamedTuple):
    """Logits: of the labels (B, 8, H, W), and of being the face that is seen (B, H, W)."""

    labels: Tensor
    face: Tensor


class FaceParser(nn.Module):
    """The network; pictures (B, 3, H, W) in [-1, 1], sides multiples of 16."""

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        """widths: channels at half the size, at a quarter of it, and so on."""
        super().__init__()
        self.stem = nn.Sequential(convolution(3, widths[0], 2), convolution(widths[0], widths[0]))
        steps = list(zip(widths, widths[1:], strict=False))
        self.down = nn.ModuleList(
            nn.Sequential(convolution(wide, wider, 2), convolution(wider, wider))
            for wide, wider in steps
        )
        self.deepest = nn.Sequential(*(convolution(widths[-1], widths[-1]) for _ in range(2)))
        self.narrow = nn.ModuleList(nn.Conv2d(wider, wide, 1) for wide, wider in reversed(steps))
        self.up = nn.ModuleList(convolution(wide, wide) for wide, _ in reversed(steps))
        self.head = nn.Conv2d(widths[0], 4 * (LABELS + 1), 1)

    def forward(self, pictures: Tensor) -> Seen:
        """Logits of the pictures' own size, in float32."""
        features = self.stem(pictures)
        skips = []
        for step in self.down:
            skips.append(features)
            features = step(features)
        features = self.deepest(features)
        for narrow, up, skip in zip(self.narrow, self.up, reversed(skips), strict=True):
            larger = F.interpolate(narrow(features), scale_factor=2.0, mode="nearest")
            features = up(larger + skip)
        found = F.pixel_shuffle(self.head(features), 2).float()
        return Seen(found[:, :LABELS], found[:, LABELS])


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """A 3x3 convolution, its channels brought to one scale over the batch, and a ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def channels_last(network: FaceParser) -> FaceParser:
    """The weights laid out so that convolutions are fast on CPUs; the same numbers."""
    for weight in network.parameters():
        if weight.dim() == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return network


def load(path: Path) -> FaceParser:
    """The network in a file that `parser` has written, ready to be asked.

    Raises:
        FaceloomError: no such file.
    """
    try:
        said = torch.load(path, map_location="cpu", weights_only=True)
        network = FaceParser()
        network.load_state_dict({name: each.float() for name, each in said["weights"].items()})
    except BROKEN:
        raise FaceloomError(
            f"{path}: no network of faceloom parser, or a broken one; "
            "delete it and fetch it again with faceloom weights"
        ) from None
    return network.eval()
