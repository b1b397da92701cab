"""478 points of a face: the successor of "Attention mesh" (Grishchenko et al. 2020, 2006.10962)."""

import torch.nn.functional as F
from torch import Tensor, nn

from faceloom.networks.padding import deeper, same

SIZE = 256  # pixels a side of a picture
POINTS = 478  # 468 of the surface, five of the right iris, five of the left, the person's own
STEM = 16
STAGES = (16, 32, 64, 128, 128, 128, 128)  # channels; between stages the picture is halved
REPEATED = 4  # blocks of a stage
WIDEST = 64  # channels within a block, or half of the block's


class FaceMesh(nn.Module):
    """Where the points of a face lie that fills two thirds of an upright picture."""

    def __init__(self) -> None:
        """Untaught; the parameters are in the order they are used."""
        super().__init__()
        self.stem = nn.Conv2d(3, STEM, 3, stride=2)
        self.slope = nn.PReLU(STEM)
        parts: list[nn.Module] = []
        for number, channels in enumerate(STAGES):
            if number:
                parts.append(Block(STAGES[number - 1], channels, stride=2))
            parts += [Block(channels, channels) for _ in range(REPEATED)]
        self.body = nn.Sequential(*parts)
        self.tongue = nn.Conv2d(STAGES[-1], 1, 2)
        self.presence = nn.Conv2d(STAGES[-1], 1, 2)
        self.points = nn.Conv2d(STAGES[-1], 3 * POINTS, 2)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Points of pictures (B, 3, 256, 256), RGB in [-1, 1].

        Returns:
            Points (B, 478, 3): x and y in pixels of the picture, whose left upper CORNER is 0, and
            z in the same unit, towards the camera less; presence (B,) in [0, 1], whether it is a
            face.
        """
        seen = self.slope(self.stem(same((pictures + 1) / 2, 3, 2)))
        features = self.body(seen)
        points = self.points(features).reshape(-1, POINTS, 3)
        return points, self.presence(features)[:, 0, 0, 0].sigmoid()


class Block(nn.Module):
    """Fewer channels, their neighbours, and more again, beside what they change.

    Of stride 2 it halves the picture, and so do the largest of what they change.
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        """Untaught."""
        super().__init__()
        self.stride, self.outputs = stride, outputs
        within = min(outputs // 2, WIDEST)
        self.fewer = nn.Conv2d(inputs, within, 2, 2) if stride == 2 else Pointwise(inputs, within)
        self.inner = nn.PReLU(within)
        self.depthwise = nn.Conv2d(within, within, 3, padding=1, groups=within)
        self.more = Pointwise(within, outputs)
        self.slope = nn.PReLU(outputs)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, h, w) to (B, D, h / stride, w / stride)."""
        changed = self.more(self.depthwise(self.inner(self.fewer(features))))
        beside = F.max_pool2d(features, 2) if self.stride == 2 else features
        out: Tensor = self.slope(deeper(beside, self.outputs) + changed)
        return out


class Pointwise(nn.Conv2d):
    """A convolution that sees one pixel, as a product of matrices.

    On one thread torch leaves such convolutions to its slow ones.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        """Untaught."""
        super().__init__(inputs, outputs, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, h, w) to (B, D, h, w)."""
        pixels = F.linear(features.permute(0, 2, 3, 1), self.weight.flatten(1), self.bias)
        return pixels.permute(0, 3, 1, 2)
