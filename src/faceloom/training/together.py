"""Several processes that learn as one: each has its share of every batch, and slopes are averaged.

torchrun starts them and says by environment variables how many there are. All of them draw and vary
the same faces, so that a training by many is one by a single process, up to the order of sums and
what networks take from their own share alone (statistics of batches).
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any, TypeVar

import torch
from torch import Tensor, distributed, nn

from ..errors import FaceloomError
from .batch import Batch

T = TypeVar("T")


@contextmanager
def together() -> Iterator[None]:
    """Inside, the processes that torchrun started know of one another; alone, nothing happens."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    if not first():
        logging.getLogger("faceloom").setLevel(logging.ERROR)
    try:
        yield
    finally:
        distributed.destroy_process_group()


def several() -> bool:
    """Whether there are others."""
    return distributed.is_available() and distributed.is_initialized()


def count() -> int:
    """How many processes there are."""
    return distributed.get_world_size() if several() else 1


def place() -> int:
    """Which of them this is, from 0."""
    return distributed.get_rank() if several() else 0


def first() -> bool:
    """Whether this is the one that writes files and speaks."""
    return place() == 0


def shareable(batch: int) -> None:
    """Refuse a batch that does not come out even.

    Raises:
        FaceloomError: another number of faces for some process than for others.
    """
    if batch % count():
        raise FaceloomError(
            f"train.batch: {batch} faces cannot be shared evenly by {count()} processes; "
            f"try {batch - batch % count() or count()}"
        )


def share(batch: Batch) -> Batch:
    """The faces of a batch that are this process's."""
    if not several():
        return batch
    each = len(batch.warped) // count()
    own = slice(place() * each, (place() + 1) * each)
    parts = {part.name: getattr(batch, part.name) for part in fields(batch)}
    return replace(batch, **{name: part[own] for name, part in parts.items() if part is not None})


def averaged(numbers: Tensor) -> Tensor:
    """The means over all processes, in place."""
    if several():
        distributed.all_reduce(numbers)
        numbers /= count()
    return numbers


def average_slopes(network: nn.Module) -> None:
    """Every process gets the mean of all gradients, as one batch of all faces would have."""
    if not several():
        return
    slopes = [each.grad for each in network.parameters() if each.grad is not None]
    means = averaged(torch.cat([each.flatten() for each in slopes]))
    parts = torch.split(means, [each.numel() for each in slopes])
    for slope, mean in zip(slopes, parts, strict=True):
        slope.copy_(mean.view_as(slope))


def of_first(say: Callable[[], T]) -> T:
    """What the first process finds, for all of them: another machine's sums may differ in a bit."""
    if not several():
        return say()
    told: list[Any] = [say() if first() else None]
    distributed.broadcast_object_list(told)
    found: T = told[0]
    return found


def everybodys(own: object) -> Sequence[object]:
    """What each process has, in their order."""
    if not several():
        return [own]
    every: list[object] = [None] * count()
    distributed.all_gather_object(every, own)
    return every
