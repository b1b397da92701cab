"""A masked CycleGAN of few channels; used by the tests beside it."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from tiny import PEOPLE, banks

from faceloom.discriminators import v1 as judge
from faceloom.losses import cyclic, l1
from faceloom.models import cyclegan
from faceloom.models.generator import Generator
from faceloom.objectives import lsgan
from faceloom.training.adversary import Adversary, judges
from faceloom.training.augmentation import Augmentation
from faceloom.training.history import History
from faceloom.training.loop import train
from faceloom.training.options import Options
from faceloom.training.pool import Pool
from faceloom.training.schedule import Phase
from faceloom.training.seeds import seeded

STEPS = 18
OWN = {"l1": (1.0, l1.make(background=1.0))}
TRIPS = {"cyclic": (4.0, cyclic.make(mask=0.1))}


def begun(seed: int = 0) -> tuple[Generator, Adversary]:
    """Both players."""
    with seeded(seed):
        generator = cyclegan.make(people=PEOPLE, size=32, width=4, blocks=1, mask=True)
        networks = judges(PEOPLE, lambda: judge.make(size=32, width=4, pairs=False))
    pools = {person: Pool(4) for person in PEOPLE}
    adversary = Adversary(networks, lsgan.make(), weight=0.5, shown="laid", swapped=True)
    return generator, replace(adversary, pools=pools)


def trained(
    resume: Path,
    *,
    steps: int = STEPS,
    progress: Callable[..., None] | None = None,
    **changes: Any,
) -> tuple[Generator, History]:
    """Translate both into each other, with a schedule and an average."""
    generator, adversary = begun()
    said: dict[str, Any] = {"average": 0.9, "betas": (0.5, 0.999), "rate": 2e-3, "save_every": 3}
    history = train(
        generator,
        banks(),
        OWN,
        Augmentation(warp=0, backdrop=0),
        Options(steps=steps, batch=2, warmup=2, threads=1, precision="fp32", **(said | changes)),
        resume=resume,
        fingerprint="cycles",
        adversary=adversary,
        phases=(Phase(steps // 3, {}, adversarial=0.5, rate=0.5, trips=TRIPS),),
        trips=TRIPS,
        progress=progress,
    )
    return generator, history
