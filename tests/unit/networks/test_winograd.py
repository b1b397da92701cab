"""Winograd's filtering against the convolution itself: values, slopes, odd sizes, batches."""

import pytest
import torch
from torch import nn

from faceloom.networks.vgg import Vgg, frozen
from faceloom.networks.winograd import Fewer


@pytest.mark.parametrize("mode", ["zeros", "reflect"])
@pytest.mark.parametrize("size", [(16, 16), (5, 13), (3, 4)])
def test_it_is_the_convolution(mode: str, size: tuple[int, int]) -> None:
    torch.manual_seed(1)
    taught = nn.Conv2d(6, 9, 3, padding=1, padding_mode=mode).requires_grad_(False)
    seen = torch.randn(2, 6, *size, requires_grad=True)
    wanted, made = taught(seen), Fewer(taught)(seen)
    assert torch.allclose(made, wanted, atol=2e-5)
    slope = torch.randn(wanted.shape)
    (back,) = torch.autograd.grad(wanted, seen, slope)
    (ours,) = torch.autograd.grad(made, seen, slope)
    assert torch.allclose(ours, back, atol=5e-5)


def test_a_frozen_network_takes_it_where_it_is_worth_it() -> None:
    """And sees what it saw."""
    torch.manual_seed(2)
    network = Vgg(16, "relu3_2", "max").requires_grad_(False)
    picture = torch.rand(1, 3, 40, 36) * 2 - 1
    wanted = network(picture, ["relu3_2"])["relu3_2"]
    made = frozen(network, torch.device("cpu"))
    wide = [isinstance(each, Fewer) for each in made.convolutions]
    assert wide == [False] * 4 + [True] * 2
    assert torch.allclose(made(picture, ["relu3_2"])["relu3_2"], wanted, atol=1e-5)
