"""Draws that hold for one piece of work and leave the caller's as they were."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """PyTorch's own generators begin at this seed inside, and go on as before after."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
