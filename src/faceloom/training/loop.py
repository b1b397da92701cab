"""The training loop: every person's faces at once, through one shared encoder."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from ..models.generator import Generator
from .adversary import Adversary
from .augmentation import Augmentation
from .examiners import Examiners
from .faces import Bank
from .history import EVERY, History
from .options import Losses, Options, Progress
from .precision import chosen, keep_allocator
from .run import Run, new
from .schedule import Phase
from .seeds import seeded
from .state import load
from .step import Lesson, learn, looked_at

log = logging.getLogger(__name__)


def train(
    generator: Generator,
    banks: Mapping[str, Bank],
    losses: Losses,
    augmentation: Augmentation,
    options: Options,
    *,
    resume: Path,
    fingerprint: str,
    adversary: Adversary | None = None,
    phases: tuple[Phase, ...] = (),
    trips: Losses | None = None,
    examiners: Examiners | None = None,
    secrets: Mapping[str, float] | None = None,
    own: Mapping[str, Augmentation] | None = None,
    progress: Callable[[Progress], None] | None = None,
    preview: Callable[[Generator, int], None] | None = None,
) -> History:
    """Teach the generator, where it lies, to paint everybody in `banks`.

    losses: name to weight and loss; resume: where the state is kept, gone on from if its
    fingerprint is this one; adversary: who is taught against it; phases: what is different
    later on, in order; trips: terms for faces painted as somebody else and back; examiners: who
    looks at codes, by name, and secrets: what the encoder's wishes against them weigh; own: whose
    faces vary otherwise; progress: called every few steps; preview: called with the generator and
    the step, every `preview_every` steps.
    On a CPU the same seed and threads give the same weights to the last bit, stopped and resumed
    or not. Raises FaceloomError when losses or gradients stop being finite.
    """
    keep_allocator()
    torch.set_num_threads(options.threads)
    weight = adversary.weight if adversary else 0.0
    first = Phase(0, losses, weight, trips=trips or {}, examiners=secrets or {})
    lesson = Lesson(banks, augmentation, options, (first, *phases), own or {})
    with seeded(options.seed):
        run = _begun(new(generator, adversary, options, examiners), options, resume, fingerprint)
        clock = _Clock(run.step, options.steps, options.batch * len(banks))
        while run.step < options.steps:
            learn(run, lesson)
            if run.step % EVERY == 0 or run.step == options.steps:
                means = run.tally.close(run.step)
                if progress:
                    progress(clock.progress(run.step, means))
            # a preview first: who is killed between the two makes it again, and does not miss it
            if preview and _due(run.step, options.preview_every):
                with looked_at(run):
                    preview(generator, run.step)
            if _due(run.step, options.save_every) or run.step == options.steps:
                run.state(fingerprint).save(resume)
    if run.average is not None:
        run.average.wear(generator)
    precision = chosen(run.device, options.precision)
    return History(tuple(run.tally.rows), tuple(run.tally.skipped), precision)


def _begun(run: Run, options: Options, resume: Path, fingerprint: str) -> Run:
    """The new run, or where a saved one goes, that."""
    state = load(resume, fingerprint)
    if state is not None and state.step > options.steps:
        log.warning("%s: already at step %d; starting anew", resume, state.step)
    elif state is not None:
        run.restore(state)
        log.info("%s: going on from step %d", resume, run.step)
    return run


@dataclass
class _Clock:
    """How fast this run goes, since it began or went on."""

    first: int
    steps: int
    faces: int

    def __post_init__(self) -> None:
        self.started = time.monotonic()

    def progress(self, step: int, losses: dict[str, float]) -> Progress:
        each = (time.monotonic() - self.started) / (step - self.first)
        return Progress(step, self.steps, losses, self.faces / each, each * (self.steps - step))


def _due(step: int, every: int | None) -> bool:
    return bool(every) and step % (every or 1) == 0
