"""VGG16 and VGG19 without their last layers (Simonyan and Zisserman 2014): style and content."""

from collections.abc import Iterable
from typing import Literal, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..training.precision import chosen
from .winograd import Fewer, worth_it

Pooling = Literal["max", "average"]
Padding = Literal["zeros", "reflect"]
Network = TypeVar("Network", bound=nn.Module)

WIDTHS = (64, 128, 256, 512, 512)
BLOCKS = {16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def layers(depth: int) -> tuple[str, ...]:
    """The names of a network's layers, the finest first: relu1_1, relu1_2, relu2_1 …"""
    return tuple(
        f"relu{block}_{number}"
        for block, count in enumerate(BLOCKS[depth], 1)
        for number in range(1, count + 1)
    )


class Vgg(nn.Module):
    """The convolutions of a VGG, as far as they are wanted; gradients may flow through it."""

    def __init__(
        self,
        depth: Literal[16, 19],
        deepest: str,
        pooling: Pooling,
        padding: Padding = "zeros",
    ) -> None:
        """Untaught; the parameters are in the order they are used.

        Args:
            depth: how many layers it has with those that are left out.
            deepest: the last layer that is wanted, as `layers` names it.
            pooling: "max" as it was trained, or "average" (Gatys et al. 2015, section 2).
            padding: what is beyond the border: "zeros" or "reflect".
        """
        super().__init__()
        names = layers(depth)
        self.names = names[: names.index(deepest) + 1]
        self.pooling = pooling
        self.colours = nn.Conv2d(3, 3, 1)  # from [-1, 1] to what the weights were taught with
        made, before = [], 3
        for name in self.names:
            width = WIDTHS[int(name[4]) - 1]
            made.append(nn.Conv2d(before, width, 3, padding=1, padding_mode=padding))
            before = width
        self.convolutions = nn.ModuleList(made)

    def forward(self, images: Tensor, wanted: Iterable[str]) -> dict[str, Tensor]:
        """The wanted layers' features (B, C, h, w) of images (B, 3, H, W), RGB in [-1, 1]."""
        names, found = set(wanted), {}
        seen = self.colours(images)
        for name, convolution in zip(self.names, self.convolutions, strict=True):
            if name.endswith("_1") and name != "relu1_1":
                seen = self.smaller(seen)
            seen = functional.relu(convolution(seen))
            if name in names:
                found[name] = seen
        return found

    def smaller(self, seen: Tensor) -> Tensor:
        """Half the width and height, rounded up."""
        pool = functional.max_pool2d if self.pooling == "max" else functional.avg_pool2d
        return pool(seen, 2, ceil_mode=True)


class Decoder(nn.Module):
    """From features of a layer of VGG19 back to a picture: its convolutions the other way round.

    Huang and Belongie (2017) for relu4_1, Li et al. (2017) for the first layer of each block.
    """

    def __init__(self, layer: str = "relu4_1") -> None:
        """Untaught; the parameters are in the order they are used."""
        super().__init__()
        names = layers(19)
        there = list(reversed(names[: names.index(layer) + 1]))
        widths = [WIDTHS[int(name[4]) - 1] for name in there] + [3]
        self.doubled = [name.endswith("_1") and name != "relu1_1" for name in there]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, padding=1, padding_mode="reflect")
            for before, after in zip(widths[:-1], widths[1:], strict=True)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Features (B, C, h, w) to images (B, 3, H, W), RGB about [-1, 1], for relu4_1 H = 8h."""
        seen = features
        last = len(self.convolutions) - 1
        for number, (convolution, doubled) in enumerate(
            zip(self.convolutions, self.doubled, strict=True)
        ):
            seen = convolution(seen)
            if number < last:
                seen = functional.relu(seen)
            if doubled:
                seen = functional.interpolate(seen, scale_factor=2.0)
        return 2 * seen - 1


def frozen(network: Network, device: torch.device) -> Network:
    """The network as it is used: it learns nothing, and images' channels come last in memory.

    On a processor that computes in fp32 its wide layers are filtered with fewer products.
    """
    network.requires_grad_(False).eval().to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if device.type == "cpu" and chosen(device, "auto") == "fp32":
        for layers in list(network.modules()):
            for name, each in list(layers.named_children()):
                if isinstance(each, nn.Conv2d) and worth_it(each):
                    setattr(layers, name, Fewer(each))
    return network
