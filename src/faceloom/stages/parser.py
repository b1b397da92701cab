"""parser: from rendered people with labels to a network that tells what a face's pixels show.

A training that was broken off goes on where it was, from a file that lies beside the output.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from ..errors import FaceloomError
from ..marks import mark
from ..media import pictures
from ..networks.face_parser import load
from ..rows.steps import Step
from ..settings.parser import Parser
from ..sources import digest
from ..tables import column, whole, write
from ..training.lessons import Lessons, Notebook
from ..training.options import Progress
from ..training.parser import learnt
from ..training.parsing import Example, Variation
from ..training.saving import save

log = logging.getLogger(__name__)

HEAD = ("steps", "batch", "rate", "decay", "average", "seed", "threads")


def parser(
    films: tuple[Path, ...],
    rows: tuple[Path, ...],
    masks: tuple[Path, ...],
    network: Path,
    history: Path,
    settings: Parser,
    begin: tuple[Path, ...] = (),
) -> None:
    """Teach a network what each pixel of a face's crop shows.

    Args:
        films: shots of rendered people.
        rows: for each, the table of its frames, with landmarks.
        masks: for each, its labels and where its face is.
        network: where the trained network goes.
        history: where the course of the losses goes.
        settings: how to teach, as JSON.
        begin: a network to go on from.
    """
    if not films or not len(films) == len(rows) == len(masks):
        raise FaceloomError(
            f"{len(films)} films, {len(rows)} tables, {len(masks)} masks; give as many of each"
        )
    examples = [each for shot in zip(films, rows, masks, strict=True) for each in labelled(*shot)]
    resume = network.with_suffix(".resume.pt")
    bar = tqdm(total=settings.steps, desc="parser", unit="step", disable=None)

    def moved(now: Progress) -> None:
        bar.set_postfix_str(f"loss {now.losses['total']:.3f}, {now.seconds_left:.0f} s left")
        bar.update(now.step - bar.n)

    told = settings.model_dump()
    weights, course = learnt(
        examples,
        Lessons(**{name: told[name] for name in HEAD}, save_every=settings.save),
        Variation(**told["variation"]),
        begin=load(begin[0]).state_dict() if begin else None,
        kept=Notebook(resume, fingerprint([*films, *rows, *masks, *begin], settings), moved),
    )
    bar.close()
    write(history, (Step(*row) for row in course), Step)
    halves = {name: half(each.cpu()) for name, each in weights.items()}
    with whole(network) as part:
        save({"schema": 1, "settings": settings.model_dump_json(), "weights": halves}, part)
    resume.unlink(missing_ok=True)
    log.info("%d steps over %d faces of %d shots", settings.steps, len(examples), len(films))


def labelled(film: Path, rows: Path, masks: Path) -> Iterator[Example]:
    """The frames of a shot with all that is known of them."""
    points = np.array(column(rows, "landmarks"), float).reshape(-1, 68, 2)
    try:
        with np.load(masks) as arrays:
            labels, soft = arrays["seg"], arrays["soft"]
    except (OSError, ValueError, KeyError):
        raise FaceloomError(f"{masks}: no labels of a shot; render it again") from None
    shown = [np.asarray(each.image) for each in pictures(film)]
    if not len(shown) == len(points) == len(labels) == len(soft):
        raise FaceloomError(
            f"{film}: {len(shown)} frames, but {len(points)} rows and {len(labels)} labels; "
            "render the shot again"
        )
    for image, label, face, place in zip(shown, labels, soft, points, strict=True):
        yield Example(image, label, (face > 127).astype(np.float32), place)


def half(each: torch.Tensor) -> torch.Tensor:
    """In 16 bits, as far as it is of fractions: all that is needed, in half the bytes."""
    return each.half() if each.is_floating_point() else each


def fingerprint(inputs: Iterable[Path], settings: Parser) -> str:
    """What a training depends on: settings, code, and the pictures themselves."""
    return mark([settings.model_dump_json(), digest("faceloom.stages.parser")], inputs)
