"""A face parser learns: rendered faces in, labels out."""

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..networks.face_parser import FaceParser, Seen, channels_last
from ..tables import whole
from .history import EVERY, Row, Tally
from .options import Progress
from .parsing import Batch, Example, Variation, batch
from .precision import fastest, keep_allocator
from .saving import save
from .seeds import seeded

log = logging.getLogger(__name__)

# Rare labels count for more: eyes, inside of the mouth, what covers the face, glasses.
WEIGHTS = (1.0, 1.0, 1.0, 1.0, 3.0, 6.0, 2.0, 2.0)
BROKEN = (EOFError, KeyError, OSError, RuntimeError, TypeError, UnpicklingError)


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


def learnt(
    examples: Sequence[Example],
    lessons: Lessons,
    variation: Variation,
    *,
    resume: Path,
    fingerprint: str,
    begin: dict[str, Tensor] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[dict[str, Tensor], list[Row]]:
    """The averaged weights of a network that was taught these examples, and its history.

    begin: weights to go on from; resume: where the state is kept, gone on from if its fingerprint
    is this one. On a CPU the same seed and threads give the same weights to the last bit, stopped
    and resumed or not.
    """
    keep_allocator()
    torch.set_num_threads(lessons.threads)
    with seeded(lessons.seed):
        network = channels_last(FaceParser())
    if begin:
        network.load_state_dict(begin)
    device = fastest()
    network.to(device).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=lessons.rate, weight_decay=lessons.decay)
    average = {name: each.clone() for name, each in network.state_dict().items()}
    tally, step = Tally(), 0
    if state := saved(resume, fingerprint):
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        average = {name: each.to(device) for name, each in state["average"].items()}
        tally, step = Tally(**state["tally"]), state["step"]
        tally.rows = [Row(*row) for row in tally.rows]
        log.info("%s: going on from step %d", resume, step)
    first, started = step, time.monotonic()
    while step < lessons.steps:
        rng = np.random.default_rng([lessons.seed, step])  # a step's draws are its own
        shown = batch(examples, lessons.batch, variation, rng)
        for group in optimiser.param_groups:
            group["lr"] = rate(step, lessons)
        losses = taught(network, optimiser, shown, device)
        step += 1
        keep = min(lessons.average, step / (step + 10))
        for name, each in network.state_dict().items():
            if each.is_floating_point():
                average[name].mul_(keep).add_(each, alpha=1 - keep)
        tally.add(losses)
        if step % EVERY == 0 or step == lessons.steps:
            means = tally.close(step)
            if progress:
                each_step = (time.monotonic() - started) / (step - first)
                left = each_step * (lessons.steps - step)
                progress(Progress(step, lessons.steps, means, lessons.batch / each_step, left))
        if step % lessons.save_every == 0 or step == lessons.steps:
            keep_state(resume, fingerprint, network, optimiser, average, tally, step)
    return average, tally.rows


def taught(
    network: nn.Module, optimiser: torch.optim.Optimizer, shown: Batch, device: torch.device
) -> dict[str, float]:
    """One step; what was lost in it, by name."""
    pictures = shown.pictures.to(device, memory_format=torch.channels_last)
    losses = lost(network(pictures), shown.labels.to(device), shown.face.to(device))
    total = torch.stack(list(losses.values())).sum()
    optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return {name: float(each.detach()) for name, each in {"total": total, **losses}.items()}


def lost(found: Seen, labels: Tensor, face: Tensor) -> dict[str, Tensor]:
    """Cross entropy of labels; of the face, that and what it lacks in overlap (V-Net, 2016)."""
    weights = torch.tensor(WEIGHTS, device=labels.device)
    share = torch.sigmoid(found.face)
    both = (share * face).sum((1, 2))
    overlap = (2 * both + 1) / (share.sum((1, 2)) + face.sum((1, 2)) + 1)
    return {
        "labels": F.cross_entropy(found.labels, labels, weights),
        "face": F.binary_cross_entropy_with_logits(found.face, face),
        "overlap": (1 - overlap).mean(),
    }


def rate(step: int, lessons: Lessons) -> float:
    """The learning rate: up in a line, down along a cosine (Loshchilov and Hutter 2017)."""
    if step < lessons.warmup:
        return lessons.rate * (step + 1) / lessons.warmup
    along = (step - lessons.warmup) / max(1, lessons.steps - lessons.warmup)
    return lessons.rate * 0.5 * (1 + math.cos(math.pi * along))


def keep_state(
    path: Path,
    fingerprint: str,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: dict[str, Tensor],
    tally: Tally,
    step: int,
) -> None:
    """All that is needed to go on, whole or not at all."""
    state = {
        "fingerprint": fingerprint,
        "step": step,
        "network": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "average": average,
        "tally": asdict(tally) | {"rows": [tuple(row) for row in tally.rows]},
    }
    with whole(path) as part:
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
