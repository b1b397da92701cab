"""A picture changed until a loss is low."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

HISTORY = 20  # steps that L-BFGS remembers
STRIDE = 0.01  # how far the first step of L-BFGS moves a pixel on average, in [-1, 1]
UNCHECKED = 0.4  # times as far where no line is searched: further, and it has to come back first
LEVELS = 5  # sizes at which L-BFGS changes a picture, each half the one before


def descended(
    start: Tensor,
    loss: Callable[[Tensor], Tensor],
    *,
    by: Literal["lbfgs", "adam"],
    steps: int,
    rate: float,
    search: bool = True,
) -> Tensor:
    """The picture that a number of evaluations of the loss leads to.

    Args:
        start: (B, 3, H, W) in [-1, 1].
        loss: of such a picture, a number.
        by: L-BFGS (Nocedal and Wright 2006, chapters 3 and 7), or Adam, whose rate falls to a
            tenth.
        steps: evaluations.
        rate: Adam's, at first; L-BFGS finds its own.
        search: whether L-BFGS searches along each line; not where the loss itself changes on the
            way, as by other matches.
    """
    if by == "lbfgs":
        return coarse_and_fine(start, loss, steps, search)
    picture = start.detach().clone(memory_format=torch.contiguous_format).requires_grad_(True)
    optimiser = torch.optim.Adam([picture], rate, betas=(0.9, 0.99))
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * max(0.1, 1 - step / steps)
        optimiser.zero_grad()
        torch.autograd.backward(loss(picture))
        optimiser.step()
    return picture.detach().clamp(-1, 1)


def coarse_and_fine(
    start: Tensor, loss: Callable[[Tensor], Tensor], steps: int, search: bool
) -> Tensor:
    """By L-BFGS over a pyramid of changes, so that light moves as readily as grain.

    PyTorch's first step changes all numbers by 1 in sum, which no eye sees in a picture: so changes
    are counted in so large a unit that it is a stride.
    """
    base = start.detach().contiguous()
    changes = [torch.zeros_like(each) for each in pyramid(base)]
    changes = [each.requires_grad_(True) for each in changes]
    unit = STRIDE * base.numel() * (1.0 if search else UNCHECKED)
    # a coarse number moves many pixels: halved, every size moves them as far in the first step,
    # which nothing checks where no line is searched
    shares = [(1.0 if search else 0.5) ** level for level in range(len(changes))]
    optimiser = torch.optim.LBFGS(
        changes,
        max_iter=steps if search else 1,
        max_eval=steps,
        history_size=HISTORY,
        tolerance_grad=0,
        tolerance_change=0,
        line_search_fn="strong_wolfe" if search else None,
    )
    best, lowest = base, float("inf")

    def evaluated() -> Tensor:
        nonlocal best, lowest
        optimiser.zero_grad()
        scaled = [share * each for share, each in zip(shares, changes, strict=True)]
        picture = base + unit * summed(scaled)
        value = loss(picture)
        torch.autograd.backward(value)
        if float(value.detach()) < lowest:
            best, lowest = picture.detach(), float(value.detach())
        return value

    for _ in range(1 if search else steps):
        optimiser.step(evaluated)  # type: ignore[no-untyped-call]
    return best.clamp(-1, 1)


def pyramid(picture: Tensor) -> list[Tensor]:
    """The picture at all sizes, the finest first, as far as it can be halved."""
    made = [picture]
    while len(made) < LEVELS and min(made[-1].shape[2:]) >= 2:
        made.append(functional.avg_pool2d(made[-1], 2, ceil_mode=True))
    return made


def summed(changes: list[Tensor]) -> Tensor:
    """The changes of all sizes together at the finest."""
    size = changes[0].shape[2:]
    wide = [functional.interpolate(each, size, mode="bilinear") for each in changes[1:]]
    return torch.stack([changes[0], *wide]).sum(dim=0)
