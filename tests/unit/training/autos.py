"""The classic autoencoder, its channels as they are, at 16 pixels; used by the tests beside it."""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from tiny import LOSSES, PEOPLE, banks

from faceloom.models import autoencoder
from faceloom.models.generator import Generator
from faceloom.training.augmentation import Augmentation
from faceloom.training.history import History
from faceloom.training.loop import train
from faceloom.training.options import Options
from faceloom.training.schedule import Phase
from faceloom.training.seeds import seeded

STEPS = 12


def trained(
    resume: Path, *, steps: int = STEPS, progress: Callable[..., None] | None = None
) -> tuple[Generator, History]:
    """Train it with a schedule and an average."""
    with seeded(0):
        generator = autoencoder.make(people=PEOPLE, size=16, latent=32)
    softer = LOSSES | {"dssim": (2.0, LOSSES["dssim"][1])}
    history = train(
        generator,
        banks(),
        LOSSES,
        Augmentation(),
        Options(
            steps=steps, batch=1, rate=1e-4, warmup=2, threads=1, precision="fp32", save_every=3,
            average=0.9,
        ),
        resume=resume,
        fingerprint="autos",
        phases=(Phase(steps // 3, softer), Phase(2 * steps // 3, LOSSES, rate=0.3)),
        progress=progress,
    )  # fmt: skip
    return generator, history
