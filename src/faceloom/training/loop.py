"""The training loop: every person's faces at once, through one shared encoder."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from ..errors import FaceloomError
from ..models.generator import Generator
from .adversary import Adversary
from .augmentation import Augmentation
from .examiners import Examiners
from .faces import Bank
from .history import EVERY, History, Row
from .options import Losses, Options, Progress
from .precision import chosen, keep_allocator
from .run import Run, new
from .schedule import Phase
from .seeds import seeded
from .state import State, load
from .step import Lesson, learn, looked_at
from .straying import sound, strayed
from .together import first, shareable
from .watch import Watch

log = logging.getLogger(__name__)

TRY = "try a lower train.rate or train.precision: fp32"


@dataclass(frozen=True)
class Kept:
    """A state that a training with more steps can go on from.

    path: where it is; fingerprint: what it depends on, but for the number of steps; step: the last
    at which that number does not matter.
    """

    path: Path
    fingerprint: str
    step: int


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
    kept: Kept | None = None,
    watch: Watch | None = None,
) -> History:
    """Teach the generator, where it lies, to paint everybody in `banks`.

    losses: name to weight and loss; resume: where the state is kept, gone on from if its
    fingerprint is this one; adversary: who is taught against it; phases: what is different
    later on, in order; trips: terms for faces painted as somebody else and back; examiners: who
    looks at codes, by name, and secrets: what the encoder's wishes against them weigh; own: whose
    faces vary otherwise; progress: called every few steps; preview: called with the generator and
    the step, every `preview_every` steps; kept: gone on from where there is nothing to resume, and
    left for more steps; watch: whose best weights are the generator's in the end. On a CPU the same
    seed and threads give the same weights to the last bit, stopped and resumed or not. What leads
    nowhere ends with the weights of the last good save. Raises FaceloomError where there is none.
    """
    shareable(options.batch)
    keep_allocator()
    torch.set_num_threads(options.threads)
    weight = adversary.weight if adversary else 0.0
    start = Phase(0, losses, weight, trips=trips or {}, examiners=secrets or {})
    lesson = Lesson(banks, augmentation, options, (start, *phases), own or {})
    why = None
    with seeded(options.seed):
        fresh = new(generator, adversary, options, examiners)
        run = _begun(fresh, options, resume, fingerprint, kept)
        clock = _Clock(run.step, options.steps, options.batch * len(banks))
        while why is None and not _over(run, options, watch):
            learn(run, lesson)
            if run.step % EVERY == 0:
                _report(run, clock, progress)
            why = strayed(run.tally, run.step)
            # a preview first: who is killed between the two makes it again, and does not miss it
            if preview and first() and _due(run.step, options.preview_every):
                with looked_at(run):
                    preview(generator, run.step)
            if watch and watch.due(run.step):
                _look(run, watch)
            if kept and run.step == kept.step and sound(run.tally, run.step):
                state = run.state(kept.fingerprint)
                _save(replace(state, others={**state.others, "steps": options.steps}), kept.path)
            over = _over(run, options, watch)
            if over and run.step % EVERY:
                _report(run, clock, progress)
            if over and watch and not watch.due(run.step):
                _look(run, watch)
            if (over or _due(run.step, options.save_every)) and sound(run.tally, run.step):
                _save(run.state(fingerprint), resume)
    return _ended(run, options, resume, fingerprint, why)


def _begun(run: Run, options: Options, resume: Path, fingerprint: str, kept: Kept | None) -> Run:
    """The new run, or where a saved one goes, that."""
    state = load(resume, fingerprint)
    if state is not None and state.step > options.steps:
        log.warning("%s: already at step %d; starting anew", resume, state.step)
    elif state is not None:
        run.restore(state)
        log.info("%s: going on from step %d", resume, run.step)
    elif kept and (state := _before(kept)):
        run.restore(state)
    return run


def _before(kept: Kept) -> State | None:
    """What a training of another number of steps has left, as far as it is this one's too."""
    state = load(kept.path, kept.fingerprint)
    if state is None:
        return None
    steps = state.others["steps"]
    if state.step > kept.step:
        log.warning(
            "%s: a training of %d steps, of which %d are those of this one; it was kept at %d, "
            "so starting anew", kept.path, steps, kept.step, state.step,
        )  # fmt: skip
        return None
    end = "its end" if state.step == steps else "where its rate or losses began to change"
    log.info(
        "%s: going on from step %d of a training of %d steps, %s", kept.path, state.step, steps, end
    )
    return state


def _over(run: Run, options: Options, watch: Watch | None) -> bool:
    """Whether this was the last step."""
    return run.step >= options.steps or (watch is not None and watch.tired(run.best, run.step))


def _report(run: Run, clock: "_Clock", progress: Callable[[Progress], None] | None) -> None:
    means = run.tally.close(run.step)
    if progress and first():
        progress(clock.progress(run.step, means))


def _look(run: Run, watch: Watch) -> None:
    """See how faces that were held out are painted now."""
    with looked_at(run):
        run.best, found = watch.look(run.generator, run.step, run.best)
    run.tally.rows += [Row(run.step, f"held.{name}", value) for name, value in found.items()]


def _save(state: State, path: Path) -> None:
    """One of many processes does."""
    if first():
        state.save(path)


def _ended(run: Run, options: Options, resume: Path, fingerprint: str, why: str | None) -> History:
    """The generator as it is to be kept, and what there is to say of the training."""
    last, tally = run.step, run.tally
    if why:
        state = load(resume, fingerprint)
        if state is None:
            raise FaceloomError(f"train: {why}, and nothing good was saved before; {TRY}")
        run.restore(state)
        tally.rows.append(Row(last, "diverged", float(last)))
        log.warning("stopped at step %d: %s; %s", last, why, TRY)
    kept = run.step
    if run.best is not None:
        run.best.wear(run.generator)
        kept = run.best.step
    elif run.average is not None:
        run.average.wear(run.generator)
    if kept != options.steps:
        tally.rows.append(Row(last, "kept", float(kept)))
    precision = chosen(run.device, options.precision)
    return History(tuple(tally.rows), tuple(tally.skipped), precision, kept, why or "")


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
