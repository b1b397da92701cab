"""Layers that several generators are built of, and how their weights begin."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from .generator import Generator, Painted

SLOPE = 0.1  # of the leaky ReLUs below zero
LAST = 0.1  # a small last layer starts at the mean colour and not in tanh's flat ends


def halve(inputs: int, outputs: int, kernel: int) -> nn.Sequential:
    """Features at half the size: a convolution of stride 2 and a leaky ReLU."""
    convolution = nn.Conv2d(inputs, outputs, kernel, stride=2, padding=kernel // 2)
    return nn.Sequential(convolution, nn.LeakyReLU(SLOPE))


def double(inputs: int, outputs: int) -> nn.Sequential:
    """Features at twice the size: a 3x3 sub-pixel convolution (Shi et al. 2016)."""
    convolution = nn.Conv2d(inputs, 4 * outputs, 3, padding=1)
    return nn.Sequential(convolution, nn.LeakyReLU(SLOPE), nn.PixelShuffle(2))


class Head(nn.Module):
    """Paints `scale` times the size of its features (B, channels, h, w); a mask only if asked."""

    def __init__(self, channels: int, *, kernel: int, scale: int, mask: bool) -> None:
        """kernel: odd, pixels a side."""
        super().__init__()
        self.scale = scale
        self.image = nn.Conv2d(channels, 3 * scale**2, kernel, padding=kernel // 2)
        self.mask = nn.Conv2d(channels, scale**2, kernel, padding=kernel // 2) if mask else None
        self.shuffle = nn.PixelShuffle(scale)

    def forward(self, features: Tensor) -> Painted:
        """Outputs are float32 even under autocast."""
        image = torch.tanh(self.shuffle(self.image(features)).float())
        if self.mask is None:
            return Painted(image)
        return Painted(image, torch.sigmoid(self.shuffle(self.mask(features)).float()))


def begin(generator: Generator) -> Generator:
    """He initialisation (He et al. 2015, section 2.2), orthogonal dense layers, small heads.

    PyTorch's own default shrinks the signal to .4 with each convolution; the first
    thousand steps would go into undoing that.
    """
    for module in generator.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, a=SLOPE)
        elif isinstance(module, nn.Linear):
            nn.init.orthogonal_(module.weight)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    for head in _heads(generator):
        for convolution in filter(None, (head.image, head.mask)):
            convolution.weight.data.mul_(LAST)
    return generator


def channels_last(generator: Generator) -> Generator:
    """The weights laid out so that convolutions in fp32 are fast on CPUs; the same numbers."""
    for weight in generator.parameters():
        if weight.dim() == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return generator


def biased(generator: Generator, means: Mapping[str, Sequence[float]]) -> Generator:
    """Each person's decoder begins at that person's mean colour (red, green, blue in [-1, 1])."""
    for person, mean in means.items():
        for head in _heads(generator.decoder(person)):
            colour = torch.atanh(torch.tensor(mean, dtype=torch.float32).clamp(-0.99, 0.99))
            head.image.bias.data.copy_(colour.repeat_interleave(head.scale**2))  # type: ignore[union-attr]
    return generator


def _heads(module: nn.Module) -> list[Head]:
    return [part for part in module.modules() if isinstance(part, Head)]
