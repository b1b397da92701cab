"""A decoder learns: features of a layer in, the picture out (Li et al. 2017, section 3.1)."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..networks.vgg import Decoder, Vgg, frozen
from ..styles.pictures import to_tensor
from .history import EVERY, Row, Tally
from .options import Progress
from .parser import Lessons, keep_state, rate, saved
from .precision import fastest, keep_allocator
from .seeds import seeded

log = logging.getLogger(__name__)


def learnt(
    pictures: Sequence[np.ndarray],
    encoder: Vgg,
    lessons: Lessons,
    *,
    size: int,
    features: float,
    resume: Path,
    fingerprint: str,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[dict[str, Tensor], list[Row]]:
    """The averaged weights of a decoder of the encoder's last layer, and their history.

    Args:
        pictures: RGB uint8 (S, S, 3), S at least the size.
        encoder: to the layer that is to be decoded.
        lessons: how to teach.
        size: pixels a side of the pieces that are shown.
        features: what features count beside pixels.
        resume: where the state is kept, gone on from if its fingerprint is this one.
        fingerprint: of all that the weights depend on.
        progress: told now and then.
    """
    keep_allocator()
    torch.set_num_threads(lessons.threads)
    device, layer = fastest(), encoder.names[-1]
    seen = frozen(encoder, device)
    with seeded(lessons.seed):
        network = Decoder(layer).to(device)
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
        shown = to_tensor(pieces(pictures, lessons.batch, size, rng), device)
        for group in optimiser.param_groups:
            group["lr"] = rate(step, lessons)
        with torch.no_grad():
            wanted = seen(shown, [layer])[layer]
        made = network(wanted)
        pixels = functional.mse_loss(made, shown)
        off = functional.mse_loss(seen(made, [layer])[layer], wanted) / wanted.square().mean()
        total = pixels + features * off
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        step += 1
        keep = min(lessons.average, step / (step + 10))
        for name, each in network.state_dict().items():
            average[name].mul_(keep).add_(each, alpha=1 - keep)
        losses = {"total": total, "pixels": pixels, "features": off}
        tally.add({name: float(each.detach()) for name, each in losses.items()})
        if step % EVERY == 0 or step == lessons.steps:
            means = tally.close(step)
            if progress:
                each_step = (time.monotonic() - started) / (step - first)
                left = each_step * (lessons.steps - step)
                progress(Progress(step, lessons.steps, means, lessons.batch / each_step, left))
        if step % lessons.save_every == 0 or step == lessons.steps:
            keep_state(resume, fingerprint, network, optimiser, average, tally, step)
    return average, tally.rows


def pieces(
    pictures: Sequence[np.ndarray], count: int, size: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """So many squares out of pictures, some of them mirrored."""
    made = []
    for number in rng.integers(len(pictures), size=count):
        image = pictures[int(number)]
        top, left = (int(rng.integers(side - size + 1)) for side in image.shape[:2])
        piece = image[top : top + size, left : left + size]
        made.append(np.ascontiguousarray(piece[:, ::-1] if rng.random() < 0.5 else piece))
    return made
