"""What a network was taught, number by number and by name, and the layers that are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from faceloom.errors import FaceloomError
from faceloom.networks.flatbuffer import Foreign

Numbers = NDArray[np.float32]
Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class Stored:
    """Arrays by name, as a file has them."""

    numbers: Mapping[str, Numbers]

    def of(self, name: str, *shape: int) -> Tensor:
        """The numbers of that name in double precision, which are to be of that shape.

        Raises:
            Foreign: there are none, or of another shape.
        """
        if name not in self.numbers:
            raise Foreign(f"no {name}")
        found = self.numbers[name]
        if found.shape != shape:
            raise Foreign(f"{name} of {found.shape} instead of {shape}")
        return torch.from_numpy(np.array(found, np.float64))


@dataclass(frozen=True)
class Affine:
    """What a batch normalisation does that learns no more: times `scale`, plus `shift` (C,)."""

    scale: Tensor
    shift: Tensor


def normalisation(
    gamma: Tensor | float, beta: Tensor, mean: Tensor, variance: Tensor, epsilon: float
) -> Affine:
    """The normalisation (Ioffe and Szegedy 2015) by what was learnt of each channel."""
    scale = gamma / (variance + epsilon).sqrt()
    return Affine(scale, beta - mean * scale)


def convolution(
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    after: Affine | None = None,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
    groups: int = 1,
) -> nn.Conv2d:
    """A convolution of that kernel (D, C, h, w) and bias (D,), and the normalisation after it."""
    outputs, inputs, *kernel = weight.shape
    bias = torch.zeros(outputs, dtype=weight.dtype) if bias is None else bias
    if after is not None:
        weight = weight * after.scale[:, None, None, None]
        bias = bias * after.scale + after.shift
    layer = nn.Conv2d(
        inputs * groups,
        outputs,
        (kernel[0], kernel[1]),
        stride,
        padding,
        groups=groups,
        device="meta",
    )
    layer.weight = constant(weight.contiguous(memory_format=torch.channels_last))
    layer.bias = constant(bias)
    return layer


def dense(weight: Tensor, bias: Tensor) -> nn.Linear:
    """A layer that sees all, of that weight (D, C) and bias (D,)."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
    layer.weight, layer.bias = constant(weight), constant(bias)
    return layer


def constant(values: Tensor) -> nn.Parameter:
    """Numbers of a layer that learns no more, in single precision."""
    return nn.Parameter(values.float(), requires_grad=False)


def read(path: Path, named: str, make: Callable[[bytes], Network]) -> Network:
    """The network that a file holds, not to be learnt any more; gradients may flow through it.

    named: what the file should be.

    Raises:
        FaceloomError: it is another one, or damaged.
    """
    with torch.inference_mode(False):
        try:
            return make(path.read_bytes()).eval().requires_grad_(False)
        except Foreign as reason:
            raise FaceloomError(
                f"{path}: not {named} ({reason}); "
                "delete it and fetch it again with faceloom weights"
            ) from None
