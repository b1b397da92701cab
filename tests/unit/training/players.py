"""A v2.2-lite of few channels against its discriminators; used by the tests beside it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent))
from tiny import LOSSES, PEOPLE, banks

from faceloom.discriminators import v22 as judge
from faceloom.losses import mask_hinge
from faceloom.models import v22
from faceloom.models.generator import Generator
from faceloom.objectives import mixup
from faceloom.training.adversary import Adversary, judges
from faceloom.training.augmentation import Augmentation
from faceloom.training.history import History
from faceloom.training.loop import train
from faceloom.training.options import Options
from faceloom.training.schedule import Phase
from faceloom.training.seeds import seeded

STEPS = 12
TAUGHT = LOSSES | {"mask_hinge": (0.1, mask_hinge.make())}


def begun(seed: int = 0, *, attention: bool = False) -> tuple[Generator, Adversary]:
    """Both players; attention is half of a step and has no state of its own."""
    with seeded(seed):
        generator = v22.make(people=PEOPLE, capacity="lite", width=8, attention=attention)
        networks = judges(PEOPLE, lambda: judge.make(size=64, width=8, attention=attention))
    return generator, Adversary(networks, mixup.make())


def phases(steps: int = STEPS) -> tuple[Phase, ...]:
    """Another weight, decoders turned, another rate."""
    softer = TAUGHT | {"mask_hinge": (0.5, mask_hinge.make(least=0.2))}
    return (
        Phase(steps // 3, softer, adversarial=0.2),
        Phase(2 * steps // 3, TAUGHT, adversarial=0.2, rate=0.3, turn=True),
    )


def trained(
    resume: Path,
    *,
    seed: int = 0,
    steps: int = STEPS,
    attention: bool = False,
    progress: Callable[..., None] | None = None,
) -> tuple[Generator, History]:
    """Train them against one another, with a schedule and an average."""
    generator, adversary = begun(seed, attention=attention)
    options: dict[str, Any] = {"average": 0.9, "decay": 1e-4, "betas": (0.5, 0.999), "rate": 1e-3}
    history = train(
        generator,
        banks(),
        TAUGHT,
        Augmentation(),
        Options(
            steps=steps, batch=1, warmup=2, threads=1, precision="fp32", save_every=3, **options
        ),
        resume=resume,
        fingerprint="players",
        adversary=adversary,
        phases=phases(),
        progress=progress,
    )
    return generator, history


def weights(generator: Generator) -> torch.Tensor:
    """All of them in a row."""
    return torch.cat([each.detach().flatten() for each in generator.parameters()])
