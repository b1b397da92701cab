"""What all discriminators are: patches of a face, each judged for itself (Isola et al. 2017)."""

import torch
from torch import Tensor, nn


class Discriminator(nn.Module):
    """Large where a face looks real, small where it looks painted."""

    def __init__(self, layers: nn.Sequential, *, pairs: bool) -> None:
        """layers: pictures to answers; pairs: whether they see what the generator saw, too."""
        super().__init__()
        self.layers = layers
        self.pairs = pairs

    def forward(self, faces: Tensor, seen: Tensor) -> Tensor:
        """Answers (B, 1, h, w), float32, to faces (B, 3, S, S) that were made of `seen`."""
        answers: Tensor = self.layers(self._given(faces, seen)).float()
        return answers

    def features(self, faces: Tensor, seen: Tensor) -> list[Tensor]:
        """What it makes of such faces on its way: after each leaky ReLU, float32."""
        found, passed = [], self._given(faces, seen)
        for layer in self.layers:
            passed = layer(passed)
            if isinstance(layer, nn.LeakyReLU):
                found.append(passed.float())
        return found

    def _given(self, faces: Tensor, seen: Tensor) -> Tensor:
        return torch.cat([faces, seen], 1) if self.pairs else faces


def judging(channels: int, *, bias: bool) -> nn.Sequential:
    """The last 4x4 convolution, to one number for each patch; the size stays."""
    convolution = nn.Conv2d(channels, 1, 4, bias=bias)
    nn.init.xavier_uniform_(convolution.weight)
    if convolution.bias is not None:
        nn.init.zeros_(convolution.bias)
    return nn.Sequential(nn.ZeroPad2d((1, 2, 1, 2)), convolution)


def halving(inputs: int, outputs: int) -> list[nn.Module]:
    """A 4x4 convolution of stride 2 and a leaky ReLU."""
    convolution = nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=False)
    nn.init.kaiming_normal_(convolution.weight)
    return [convolution, nn.LeakyReLU(0.2)]
