"""Networks in numbers of 16 bits, also on machines that have no units for them."""

from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from faceloom.training.precision import chosen

Network = TypeVar("Network", bound=nn.Module)


def lowered(network: Network, device: torch.device) -> Network:
    """The network in bf16 on that device.

    Where there are no units for bf16, weights and what convolutions see are rounded to bf16 and
    computed in fp32: the same results to a rounding, at the speed of fp32.
    """
    if chosen(device, "auto") == "bf16":
        return network.to(device, torch.bfloat16)
    for module in network.to(device).modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.weight.data = rounded(module.weight.data)
            module.register_forward_pre_hook(rounded_inputs)
    return network


def rounded(values: Tensor) -> Tensor:
    """What is left of fp32 values in bf16, as fp32, laid out as they were."""
    return values.bfloat16().float()


def rounded_inputs(_: nn.Module, inputs: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """A hook before a layer."""
    return tuple(rounded(each) for each in inputs)


def kept_in(network: nn.Module) -> torch.dtype:
    """The type of the network's weights, which is the one its inputs must have."""
    return next(network.parameters()).dtype
