"""A small model of drawn codes, with landmarks, under two critics; used by the tests beside it."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from tiny import LOSSES, PEOPLE, banks

from faceloom.critics import domain, prior
from faceloom.critics.critic import Codes
from faceloom.losses import kl, semantic
from faceloom.models import small
from faceloom.models.generator import Generator
from faceloom.training.augmentation import Augmentation
from faceloom.training.examiners import Examiner
from faceloom.training.history import History
from faceloom.training.loop import train
from faceloom.training.options import Losses, Options
from faceloom.training.seeds import seeded

TAUGHT: Losses = {**LOSSES, "kl": (0.01, kl.make())}
TRIPS: Losses = {"semantic": (0.5, semantic.make())}
SECRETS = {"domain": 0.1, "prior": 0.1}
LATENT = 8


def generator(seed: int = 0) -> Generator:
    """Of faces of 32 pixels."""
    with seeded(seed):
        return small.make(
            people=PEOPLE, size=32, width=8, latent=LATENT, landmarks=True, variational=True
        )


def examiners() -> dict[str, Examiner]:
    """Both critics, having learnt nothing."""
    codes = Codes(PEOPLE, LATENT)
    with seeded(1):
        made = {"domain": domain.make(codes=codes, width=16), "prior": prior.make(codes=codes)}
    return {name: Examiner(each, rate=2e-3) for name, each in made.items()}


def trained(
    resume: Path,
    *,
    steps: int = 12,
    on: Generator | None = None,
    by: dict[str, Examiner] | None = None,
    secrets: dict[str, float] = SECRETS,
    progress: Callable[..., None] | None = None,
    **changes: Any,
) -> tuple[Generator, History]:
    """Train it, the first person's faces varied more than the other's."""
    learnt = on or generator()
    known = {
        name: replace(each, landmarks=np.roll(each.masks, 3, 1)) for name, each in banks().items()
    }
    said: dict[str, Any] = {"warmup": 2, "threads": 1, "precision": "fp32", "save_every": 3}
    history = train(
        learnt,
        known,
        TAUGHT,
        Augmentation(withheld=0.3),
        Options(steps=steps, batch=2, **(said | changes)),
        resume=resume,
        fingerprint="coded",
        trips=TRIPS,
        examiners=examiners() if by is None else by,
        secrets=secrets,
        own={PEOPLE[0]: Augmentation(withheld=0.3, channels=0.3, coarse=0.5)},
        progress=progress,
    )
    return learnt, history
