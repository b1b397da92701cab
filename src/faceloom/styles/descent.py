"""A picture changed until a loss is low."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

HISTORY = 20  # steps that L-BFGS remembers
STRIDE = 0.01  # how far the first step of L-BFGS moves a pixel on average, in [-1, 1]


def descended(
    start: Tensor,
    loss: Callable[[Tensor], Tensor],
    *,
    by: Literal["lbfgs", "adam"],
    steps: int,
    rate: float,
) -> Tensor:
    """The picture that a number of evaluations of the loss leads to.

    Args:
        start: (B, 3, H, W) in [-1, 1].
        loss: of such a picture, a number.
        by: L-BFGS with a line search (Nocedal and Wright 2006, chapters 3 and 7), or Adam, whose
            rate falls to a tenth.
        steps: evaluations.
        rate: Adam's, at first; L-BFGS finds its own.
    """
    if by == "lbfgs":
        return searched(start, loss, steps)
    picture = start.detach().clone(memory_format=torch.contiguous_format).requires_grad_(True)
    optimiser = torch.optim.Adam([picture], rate, betas=(0.9, 0.99))
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * max(0.1, 1 - step / steps)
        optimiser.zero_grad()
        torch.autograd.backward(loss(picture))
        optimiser.step()
    return picture.detach().clamp(-1, 1)


def searched(start: Tensor, loss: Callable[[Tensor], Tensor], steps: int) -> Tensor:
    """By L-BFGS.

    PyTorch's first step changes all numbers by 1 in sum, which no eye sees in a picture: the line
    search needs five evaluations to get anywhere. Counted in so large a unit, it is a stride.
    """
    unit = STRIDE * start.numel()
    flat = start.detach().clone(memory_format=torch.contiguous_format) / unit
    picture = flat.requires_grad_(True)
    optimiser = torch.optim.LBFGS(
        [picture],
        max_iter=steps,
        max_eval=steps,
        history_size=HISTORY,
        tolerance_grad=0,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def evaluated() -> Tensor:
        optimiser.zero_grad()
        value = loss(picture * unit)
        torch.autograd.backward(value)
        return value

    optimiser.step(evaluated)  # type: ignore[no-untyped-call]
    return (picture * unit).detach().clamp(-1, 1)
