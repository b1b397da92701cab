"""descended: how far a number of evaluations leads, and that there are no more of them."""

from typing import Literal

import pytest
import torch
from torch import Tensor

from faceloom.styles.descent import descended

GOAL = torch.linspace(-0.9, 0.9, 48).reshape(1, 3, 4, 4)


@pytest.mark.parametrize(("by", "steps"), [("lbfgs", 30), ("adam", 300)])
def test_it_reaches_the_goal(by: Literal["lbfgs", "adam"], steps: int) -> None:
    scale = torch.linspace(1, 9, 48).reshape(1, 3, 4, 4)
    evaluated = 0

    def loss(picture: Tensor) -> Tensor:
        nonlocal evaluated
        evaluated += 1
        return (scale * (picture - GOAL).square()).sum()

    start = torch.zeros_like(GOAL).contiguous(memory_format=torch.channels_last)
    made = descended(start, loss, by=by, steps=steps, rate=0.02)
    assert (made - GOAL).abs().max() < 0.01
    assert evaluated <= steps + 25  # a line search that has begun is ended
    assert not start.any()


def test_a_picture_stays_one() -> None:
    made = descended(GOAL, lambda p: (p - 3).square().sum(), by="lbfgs", steps=9, rate=1)
    assert made.max() == 1
    assert not made.requires_grad


@pytest.mark.parametrize("search", [True, False])
@pytest.mark.parametrize("steps", [2, 4])
def test_few_evaluations_already_lead_somewhere(steps: int, search: bool) -> None:
    """A picture of the usual size, a loss as small as styles have: the first step is seen."""
    start = torch.zeros(1, 3, 64, 64)
    goal = torch.linspace(-0.5, 0.5, 64)

    def loss(picture: Tensor) -> Tensor:
        return (picture - goal).square().mean()

    made = descended(start, loss, by="lbfgs", steps=steps, rate=1, search=search)
    assert made.abs().mean() > 1 / 127.5
    assert (made - goal).square().mean() < (start - goal).square().mean()
