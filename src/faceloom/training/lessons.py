"""A small network learns: what it has lost in, averaged weights out; stopped, it goes on."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..tables import whole
from .history import EVERY, Row, Tally
from .options import Progress
from .saving import save

log = logging.getLogger(__name__)

BROKEN = (EOFError, KeyError, OSError, RuntimeError, TypeError, UnpicklingError)

Lost = Callable[[np.random.Generator], dict[str, Tensor]]
"""What is lost in a step, by name, `total` among it, from the step's own draws."""


@dataclass(frozen=True)
class Lessons:
    """How to teach.

    rate: the highest learning rate of AdamW; decay: of the weights; average: the share that
    weights keep of their average each step; warmup: steps until the rate is highest; save_every:
    steps; threads: of the CPU, they change the last bits.
    """

    steps: int
    batch: int
    rate: float
    seed: int
    threads: int
    decay: float = 1e-4
    average: float = 0.995
    warmup: int = 50
    save_every: int = 50


@dataclass(frozen=True)
class Notebook:
    """What is kept of a training: its state in a file, gone on from if the fingerprint is this."""

    resume: Path
    fingerprint: str
    progress: Callable[[Progress], None] | None = None


def learn(
    network: nn.Module, lost: Lost, lessons: Lessons, kept: Notebook
) -> tuple[dict[str, Tensor], list[Row]]:
    """The averaged weights of a network, by AdamW, and the history of what it lost.

    On a CPU the same seed and threads give the same weights to the last bit, stopped and resumed
    or not.

    Args:
        network: on its device, learning.
        lost: what is to become small.
        lessons: how to teach.
        kept: where the state lies, and who is told now and then.
    """
    optimiser = torch.optim.AdamW(network.parameters(), lr=lessons.rate, weight_decay=lessons.decay)
    average = {name: each.clone() for name, each in network.state_dict().items()}
    tally, step = Tally(), 0
    if state := saved(kept.resume, kept.fingerprint):
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        average = {name: each.to(average[name].device) for name, each in state["average"].items()}
        tally, step = Tally(**state["tally"]), state["step"]
        tally.rows = [Row(*row) for row in tally.rows]
        log.info("%s: going on from step %d", kept.resume, step)
    first, started = step, time.monotonic()
    while step < lessons.steps:
        for group in optimiser.param_groups:
            group["lr"] = rate(step, lessons)
        losses = lost(np.random.default_rng([lessons.seed, step]))  # a step's draws are its own
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(losses["total"])
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        step += 1
        keep = min(lessons.average, step / (step + 10))
        for name, each in network.state_dict().items():
            if each.is_floating_point():
                average[name].mul_(keep).add_(each, alpha=1 - keep)
        tally.add({name: float(each.detach()) for name, each in losses.items()})
        if step % EVERY == 0 or step == lessons.steps:
            means = tally.close(step)
            if kept.progress:
                each_step = (time.monotonic() - started) / (step - first)
                left = each_step * (lessons.steps - step)
                kept.progress(Progress(step, lessons.steps, means, lessons.batch / each_step, left))
        if step % lessons.save_every == 0 or step == lessons.steps:
            keep_state(kept, network, optimiser, average, tally, step)
    return average, tally.rows


def rate(step: int, lessons: Lessons) -> float:
    """The learning rate: up in a line, down along a cosine (Loshchilov and Hutter 2017)."""
    if step < lessons.warmup:
        return lessons.rate * (step + 1) / lessons.warmup
    along = (step - lessons.warmup) / max(1, lessons.steps - lessons.warmup)
    return lessons.rate * 0.5 * (1 + math.cos(math.pi * along))


def keep_state(
    kept: Notebook,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: dict[str, Tensor],
    tally: Tally,
    step: int,
) -> None:
    """All that is needed to go on, whole or not at all."""
    state = {
        "fingerprint": kept.fingerprint,
        "step": step,
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "average": average,
        "tally": asdict(tally) | {"rows": [tuple(row) for row in tally.rows]},
    }
    with whole(kept.resume) as part:
        save(state, part)


def saved(path: Path, fingerprint: str) -> dict[str, Any] | None:
    """The state in a file, or None where there is none that can be gone on from."""
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        same = state["fingerprint"] == fingerprint
    except BROKEN as error:
        reason = str(error).partition("\n")[0]
        log.warning("%s: not a saved training (%s); starting anew", path, reason)
        return None
    if not same:
        log.warning("%s: saved under other settings, code or faces; starting anew", path)
    return state if same else None
