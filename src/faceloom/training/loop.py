"""The training loop: every person's faces at once, through one shared encoder."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from math import isfinite
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from ..errors import FaceloomError
from ..models.generator import Generator, Painted
from .augmentation import Augmentation, augmented
from .batch import Batch
from .faces import Bank
from .history import EVERY, History, Row, Tally
from .precision import autocast, chosen, keep_allocator
from .schedule import rate
from .seeds import seeded
from .state import State, load

log = logging.getLogger(__name__)

Loss = Callable[[Batch, Painted], Tensor]
Losses = Mapping[str, tuple[float, Loss]]

PATIENCE = 20  # steps in a row without a finite gradient


@dataclass(frozen=True)
class Options:
    """How to train.

    batch: faces of each person a step; rate: peak learning rate of Adam; clip: longest
    gradient; warmup: steps; flat: share of steps before the rate falls; threads: of the
    CPU, they change the last bits; save_every, preview_every: steps, None = never.
    """

    steps: int = 2000
    batch: int = 16
    rate: float = 7e-4
    betas: tuple[float, float] = (0.9, 0.99)
    clip: float = 1.0
    warmup: int = 50
    flat: float = 0.5
    seed: int = 0
    threads: int = 2
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    save_every: int | None = 250
    preview_every: int | None = None


@dataclass(frozen=True)
class Progress:
    """How far training is: steps done of all, mean losses lately, faces a second."""

    step: int
    steps: int
    losses: dict[str, float]
    samples_per_second: float
    seconds_left: float


@dataclass
class Run:
    """A training under way: all that changes from step to step."""

    generator: Generator
    optimiser: torch.optim.Adam
    draws: torch.Generator
    tally: Tally = field(default_factory=Tally)
    step: int = 0

    def state(self, fingerprint: str) -> State:
        """All of it, to be saved."""
        return State(
            fingerprint=fingerprint,
            step=self.step,
            generator=self.generator.state_dict(),
            optimiser=self.optimiser.state_dict(),
            rngs=self._rngs(),
            tally=asdict(self.tally) | {"rows": [tuple(row) for row in self.tally.rows]},
        )

    def restore(self, state: State) -> None:
        """Go on from there."""
        self.generator.load_state_dict(state.generator)
        self.optimiser.load_state_dict(state.optimiser)
        self.draws.set_state(state.rngs["draws"])
        torch.set_rng_state(state.rngs["torch"])
        if "cuda" in state.rngs and torch.cuda.is_available():
            torch.cuda.set_rng_state(state.rngs["cuda"])
        self.tally = Tally(**state.tally)
        self.tally.rows = [Row(*row) for row in self.tally.rows]
        self.step = state.step

    def _rngs(self) -> dict[str, Tensor]:
        rngs = {"draws": self.draws.get_state(), "torch": torch.get_rng_state()}
        if _device(self.generator).type == "cuda":
            rngs["cuda"] = torch.cuda.get_rng_state()
        return rngs


def train(
    generator: Generator,
    banks: Mapping[str, Bank],
    losses: Losses,
    augmentation: Augmentation,
    options: Options,
    *,
    resume: Path,
    fingerprint: str,
    progress: Callable[[Progress], None] | None = None,
    preview: Callable[[Generator, int], None] | None = None,
) -> History:
    """Teach the generator, where it lies, to paint everybody in `banks`.

    losses: name to weight and loss; resume: where the state is kept, gone on from if its
    fingerprint is this one; progress: called every few steps; preview: called with the
    generator and the step, every `preview_every` steps. On a CPU the same seed and threads
    give the same weights to the last bit, stopped and resumed or not. Raises FaceloomError
    when losses or gradients stop being finite.
    """
    keep_allocator()
    torch.set_num_threads(options.threads)
    with seeded(options.seed):
        run = _begun(generator, options, resume, fingerprint)
        clock = _Clock(run.step, options.steps, options.batch * len(banks))
        while run.step < options.steps:
            _learn(run, banks, losses, augmentation, options)
            if run.step % EVERY == 0 or run.step == options.steps:
                means = run.tally.close(run.step)
                if progress:
                    progress(clock.progress(run.step, means))
            # a preview first: who is killed between the two makes it again, and does not miss it
            if preview and _due(run.step, options.preview_every):
                with _looked_at(generator):
                    preview(generator, run.step)
            if _due(run.step, options.save_every) or run.step == options.steps:
                run.state(fingerprint).save(resume)
    precision = chosen(_device(generator), options.precision)
    return History(tuple(run.tally.rows), tuple(run.tally.skipped), precision)


def _begun(generator: Generator, options: Options, resume: Path, fingerprint: str) -> Run:
    """A new run, or the saved one."""
    optimiser = torch.optim.Adam(
        generator.parameters(), lr=options.rate, betas=options.betas, fused=True
    )
    run = Run(generator.train(), optimiser, torch.Generator().manual_seed(options.seed))
    state = load(resume, fingerprint)
    if state is not None and state.step > options.steps:
        log.warning("%s: already at step %d; starting anew", resume, state.step)
    elif state is not None:
        run.restore(state)
        log.info("%s: going on from step %d", resume, run.step)
    return run


def _learn(
    run: Run,
    banks: Mapping[str, Bank],
    losses: Losses,
    augmentation: Augmentation,
    options: Options,
) -> None:
    """One step; left out and noted where a loss or the gradient is not finite."""
    device = _device(run.generator)
    batches = {
        person: _drawn(bank, augmentation, options.batch, run) for person, bank in banks.items()
    }
    with autocast(device, options.precision):
        painted = run.generator.joint({person: each.warped for person, each in batches.items()})
    total, parts = weighed(batches, painted, losses)
    run.optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    length = clip_grad_norm_(run.generator.parameters(), options.clip)
    values = torch.stack([length, total, *parts.values()]).tolist()
    if all(map(isfinite, values)):
        for group in run.optimiser.param_groups:
            group["lr"] = rate(run.step, options.steps, options.rate, options.warmup, options.flat)
        run.optimiser.step()
        run.tally.add(dict(zip(["total", *parts], values[1:], strict=True)))
    else:
        _skip(run)
    run.step += 1


def weighed(
    batches: Mapping[str, Batch], painted: Mapping[str, Painted], losses: Losses
) -> tuple[Tensor, dict[str, Tensor]]:
    """The sum of all weighted losses, and each loss of each person as it is."""
    parts = {
        (name, person): loss(batches[person], painted[person])
        for name, (_, loss) in losses.items()
        for person in batches
    }
    total = torch.stack([losses[name][0] * value for (name, _), value in parts.items()]).sum()
    return total, {f"{name}.{person}": value.detach() for (name, person), value in parts.items()}


def _drawn(bank: Bank, augmentation: Augmentation, count: int, run: Run) -> Batch:
    drawn = bank.sample(count, run.draws).to(_device(run.generator))
    size = run.generator.size
    return augmented(drawn.images, drawn.masks, augmentation, size, run.draws, drawn.eyes)


def _skip(run: Run) -> None:
    """Note a step that could not be made; too many in a row are an error."""
    run.tally.skipped.append(run.step + 1)
    lately = run.tally.skipped[-PATIENCE - 1 :]
    if len(lately) > PATIENCE and lately[0] == run.step + 1 - PATIENCE:
        raise FaceloomError(
            f"train: no finite gradient since step {lately[0] - 1}; "
            "try a lower train.rate or train.precision: fp32"
        )
    log.warning("step %d left out: a loss or gradient is not finite", run.step + 1)


@contextmanager
def _looked_at(generator: Generator) -> Iterator[None]:
    """The generator for showing: not learning, and no draws of ours used up."""
    generator.eval()
    with torch.random.fork_rng(), torch.no_grad():
        yield
    generator.train()


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


def _device(generator: Generator) -> torch.device:
    return next(generator.parameters()).device
