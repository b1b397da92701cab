"""A picture changed until a loss is low."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

HISTORY = 20  # steps that L-BFGS remembers


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
    flat = start.detach().clone(memory_format=torch.contiguous_format)  # as L-BFGS wants it
    picture = flat.requires_grad_(True)

    def evaluated() -> Tensor:
        optimiser.zero_grad()
        value = loss(picture)
        torch.autograd.backward(value)
        return value

    optimiser: torch.optim.Optimizer
    if by == "lbfgs":
        optimiser = torch.optim.LBFGS(
            [picture],
            max_iter=steps,
            max_eval=steps,
            history_size=HISTORY,
            tolerance_grad=0,
            tolerance_change=0,
            line_search_fn="strong_wolfe",
        )
        optimiser.step(evaluated)  # type: ignore[no-untyped-call]
    else:
        optimiser = torch.optim.Adam([picture], rate, betas=(0.9, 0.99))
        for step in range(steps):
            optimiser.param_groups[0]["lr"] = rate * max(0.1, 1 - step / steps)
            optimiser.step(evaluated)
    return picture.detach().clamp(-1, 1)
