"""cyclegan: for each person a network from anybody's face to that person's (Zhu et al. 2017).

Nothing is shared: decoders are whole networks of 7x7, two 3x3 halvings, residual blocks and two
doublings, with instance norms and mirrored borders (appendix 7.2). With a mask, what is painted is
laid over what was seen.
"""

from torch import Tensor, nn

from .generator import Generator, Painted
from .layers import Head, channels_last

BEGIN = 0.02  # standard deviation of the weights that everything begins with


def make(
    *,
    people: tuple[str, ...],
    size: int = 64,
    width: int = 64,
    blocks: int = 6,
    mask: bool = False,
) -> Generator:
    """A generator of 7.8 million weights a person at its defaults.

    size: pixels a side, a multiple of 4; width: channels of the first layer; blocks: residual
    blocks, 6 for 128 pixels and 9 from 256 on in the paper; mask: whether networks paint one too.
    """
    if size % 4:
        raise ValueError(f"size {size} is not a multiple of 4")
    generator = Generator(
        people=people,
        size=size,
        encoder=nn.Identity(),
        decoders={person: Translator(width, blocks, mask=mask) for person in people},
    )
    for part in generator.modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(part.weight, 0, BEGIN)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
    return channels_last(generator)


class Translator(nn.Module):
    """Anybody's faces (B, 3, S, S) to one person's."""

    def __init__(self, width: int, blocks: int, *, mask: bool) -> None:
        """Build it."""
        super().__init__()
        deep = 4 * width
        self.body = nn.Sequential(
            nn.ReflectionPad2d(3),
            *_normed(nn.Conv2d(3, width, 7, bias=False), width),
            *_normed(nn.Conv2d(width, 2 * width, 3, 2, 1, bias=False), 2 * width),
            *_normed(nn.Conv2d(2 * width, deep, 3, 2, 1, bias=False), deep),
            *(Mirrored(deep) for _ in range(blocks)),
            *_normed(nn.ConvTranspose2d(deep, 2 * width, 3, 2, 1, 1, bias=False), 2 * width),
            *_normed(nn.ConvTranspose2d(2 * width, width, 3, 2, 1, 1, bias=False), width),
        )
        self.head = Head(width, kernel=7, scale=1, mask=mask)

    def forward(self, faces: Tensor) -> Painted:
        """The faces as this person's."""
        painted: Painted = self.head(self.body(faces))
        return painted


class Mirrored(nn.Module):
    """Two 3x3 convolutions beside what they change, beyond borders mirrored."""

    def __init__(self, channels: int) -> None:
        """Features of so many channels."""
        super().__init__()
        first, second = (
            [
                nn.ReflectionPad2d(1),
                *_normed(nn.Conv2d(channels, channels, 3, bias=False), channels),
            ]
            for _ in range(2)
        )
        self.change = nn.Sequential(*first, *second[:-1])

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        changed: Tensor = features + self.change(features)
        return changed


def _normed(made: nn.Module, channels: int) -> list[nn.Module]:
    """The convolution evened out for each face by itself; a bias would not be seen behind it."""
    return [made, nn.InstanceNorm2d(channels), nn.ReLU()]
