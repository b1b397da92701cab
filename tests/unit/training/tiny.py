"""A training so small that it takes a second; used by the tests beside it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from faceloom.losses import dssim, l1
from faceloom.models import small
from faceloom.models.generator import Generator
from faceloom.training.augmentation import Augmentation
from faceloom.training.faces import Bank
from faceloom.training.history import History
from faceloom.training.loop import Kept, train
from faceloom.training.options import Losses, Options
from faceloom.training.seeds import seeded
from faceloom.training.watch import Watch

PEOPLE = ("boris", "chen")
LOSSES: Losses = {"l1": (1.0, l1.make()), "dssim": (0.5, dssim.make())}


def generator(seed: int = 0) -> Generator:
    with seeded(seed):
        return small.make(people=PEOPLE, size=32, width=8, latent=16)


def banks(size: int = 64) -> dict[str, Bank]:
    """Discs on a ground, each person in colours of their own."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[:size, :size] / size - 0.5
    made = {}
    for person in PEOPLE:
        face, ground = random.integers(40, 216, (2, 3))
        centres = random.uniform(-0.1, 0.1, (12, 2, 1, 1))
        inside = np.hypot(rows - centres[:, 0], columns - centres[:, 1]) < 0.3
        colours = np.where(inside[..., None], face, ground)
        colours += random.integers(-20, 21, colours.shape)
        pixels = np.concatenate([colours, inside[..., None] * 255], -1).astype(np.uint8)
        made[person] = Bank(pixels)
    return made


def trained(
    resume: Path,
    *,
    on: Generator | None = None,
    fingerprint: str = "tiny",
    losses: Losses = LOSSES,
    progress: Callable[..., None] | None = None,
    preview: Callable[..., None] | None = None,
    kept: Kept | None = None,
    watch: Watch | None = None,
    **options: Any,
) -> tuple[Generator, History]:
    """Train for 30 steps, or as the options say."""
    defaults: dict[str, Any] = {
        "steps": 30,
        "batch": 4,
        "warmup": 5,
        "threads": 1,
        "precision": "fp32",
        "save_every": 7,
    }
    learnt = on or generator()
    history = train(
        learnt,
        banks(),
        losses,
        Augmentation(flip=0.5, contrast=0.1),
        Options(**(defaults | options)),
        resume=resume,
        fingerprint=fingerprint,
        progress=progress,
        preview=preview,
        kept=kept,
        watch=watch,
    )
    return learnt, history


def same(one: Generator, other: Generator) -> bool:
    """Whether all weights are equal to the last bit."""
    first, second = one.state_dict(), other.state_dict()
    return first.keys() == second.keys() and all(
        torch.equal(first[name], second[name]) for name in first
    )
