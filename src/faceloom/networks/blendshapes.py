"""52 expressions of a face from points of its mesh: Google's face_blendshapes.tflite, an MLP-Mixer.

Tolstikhin et al. 2021 (arXiv 2105.01601), with a token of its own for the answer. The expressions
are those of Apple's ARKit but for the tongue, with none at all as the first.
"""

import torch
from torch import Tensor, nn

from faceloom.networks.blendshape_names import POINTS

TOKENS, CHANNELS = 96, 64
MIXED = 384, 256  # within a block: over the tokens, and over the channels
BLOCKS = 4
TINY = 1e-6
EXPRESSIONS = 52


class Blendshapes(nn.Module):
    """How much of each expression is in a face."""

    points: Tensor

    def __init__(self) -> None:
        """Untaught; the parameters are in the order they are used."""
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(()))
        self.tokens = nn.Linear(len(POINTS), TOKENS)
        self.channels = nn.Linear(2, CHANNELS)
        self.answer = Answer()
        self.blocks = nn.Sequential(*(Mixer() for _ in range(BLOCKS)))
        self.out = nn.Linear(CHANNELS, EXPRESSIONS)
        self.register_buffer("points", torch.tensor(POINTS), persistent=False)

    def forward(self, points: Tensor) -> Tensor:
        """Shares (B, 52) in [0, 1], in the order of `NAMES`, of a face's points (B, 478, 2).

        x right, y down, in any unit and from any origin, but the same for both: not squeezed.
        """
        seen = points[:, self.points]
        about = seen - seen.mean(1, keepdim=True)
        sized = about / about.norm(dim=2, keepdim=True).mean(1, keepdim=True)
        tokens = self.tokens((sized * self.scale).transpose(1, 2)).transpose(1, 2)
        mixed = self.blocks(self.answer(self.channels(tokens)))
        shares: Tensor = self.out(mixed[:, 0]).sigmoid()
        return shares


class Answer(nn.Module):
    """A token of its own, put before the others."""

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, CHANNELS))

    def forward(self, features: Tensor) -> Tensor:
        """(B, 96, 64) to (B, 97, 64)."""
        return torch.cat([self.token.expand(len(features), 1, CHANNELS), features], 1)


class Mixer(nn.Module):
    """What tokens have to do with each other, then channels."""

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()
        self.one = nn.LayerNorm(CHANNELS, TINY, bias=False)
        self.over_tokens = twice(TOKENS + 1, MIXED[0])
        self.two = nn.LayerNorm(CHANNELS, TINY, bias=False)
        self.over_channels = twice(CHANNELS, MIXED[1])

    def forward(self, features: Tensor) -> Tensor:
        """(B, 97, 64) to the same."""
        mixed = features + self.over_tokens(self.one(features).transpose(1, 2)).transpose(1, 2)
        out: Tensor = mixed + self.over_channels(self.two(mixed))
        return out


def twice(outside: int, inside: int) -> nn.Sequential:
    """Two dense layers."""
    return nn.Sequential(nn.Linear(outside, inside), nn.ReLU(), nn.Linear(inside, outside))
