"""rates: from a cast's faces to how the loss goes with the learning rate, as a curve.

A short training of its own; nothing of it is kept but the curve and its table.
"""

from __future__ import annotations

import logging
from pathlib import Path

import torch
from tqdm import tqdm

from ..errors import FaceloomError
from ..report.figures import rates as plotted
from ..rows.rates import Rate
from ..settings import Train
from ..tables import whole, write
from ..training.banks import Tables
from ..training.beginning import (
    Cast,
    adversary,
    begun,
    examiners,
    learnt_from,
    needs_others,
    options,
    phases,
    variations,
)
from ..training.precision import keep_allocator
from ..training.rates import STEPS, advised, swept
from ..training.run import new
from ..training.seeds import seeded
from ..training.step import Lesson

log = logging.getLogger(__name__)


def rates(
    faces: tuple[Path, ...],
    choices: tuple[Path, ...],
    people: tuple[str, ...],
    table: Path,
    curve: Path,
    settings: Train,
    augmented: tuple[Path, ...] = (),
    weights: tuple[Path, ...] = (),
    crowd: tuple[str, ...] = (),
    begin: tuple[Path, ...] = (),
) -> None:
    """Try learning rates from far too low to far too high.

    Args:
        faces: the faces of every clip that they are learnt from.
        choices: which of them are kept.
        people: everybody in the cast who is painted as themselves.
        table: where the rates that were tried and their losses go.
        curve: where the picture of them goes, as SVG.
        settings: of train, as JSON; its rate and number of steps have no part in it.
        augmented: faces with features of look-alikes, to be learnt as well.
        weights: the files of weights that the losses need.
        crowd: the others in the cast, who are painted by one decoder as one.
        begin: a trained generator to go on from, or none.
    """
    cast = Cast(people, crowd)
    needs_others(cast.painted, settings)
    learnt = learnt_from(Tables(faces, choices, augmented), cast, settings)
    made = begun(settings, cast.painted, learnt.banks, begin)
    start, *_ = phases(settings, weights)
    varied, own = variations(settings, cast)
    lesson = Lesson(learnt.banks, varied, options(settings), (start,), own)
    keep_allocator()
    torch.set_num_threads(settings.threads)
    with seeded(settings.seed), tqdm(total=STEPS, desc="rates", disable=None) as bar:
        players = adversary(settings, cast.painted), options(settings), examiners(settings, made)
        found = swept(new(made, *players), lesson, bar.update)
    if not found:
        raise FaceloomError("no step had a finite loss; try train.precision: fp32")
    steepest, tenth = advised(found)
    write(table, found, Rate)
    with whole(curve) as part:
        plotted(found, (steepest, tenth), settings.rate, part)
    log.info(
        "falls fastest at %.2g, a tenth of where it is least is %.2g; train.rate is %.2g",
        steepest, tenth, settings.rate,
    )  # fmt: skip
