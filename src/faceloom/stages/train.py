"""train: from a cast's faces to a generator that swaps them.

A training that was broken off goes on where it was, from a file that lies beside the output.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import nan
from pathlib import Path

from tqdm import tqdm

from ..errors import FaceloomError
from ..images import encode_png
from ..marks import mark
from ..rows.steps import Step
from ..settings import Train
from ..sources import digest
from ..tables import own_folder, whole, write
from ..training.banks import Tables
from ..training.beginning import (
    Cast,
    Known,
    adversary,
    begun,
    examiners,
    learnt_from,
    needs_others,
    options,
    phases,
    variations,
    watch,
)
from ..training.checkpoint import Checkpoint
from ..training.compiling import compiled
from ..training.history import History
from ..training.loop import Kept
from ..training.loop import train as learn
from ..training.options import Progress
from ..training.precision import fastest
from ..training.previews import Previews, filmed
from ..training.scalars import Scalars
from ..training.schedule import common
from ..training.together import count, first, together
from ..training.truths import Chosen
from ..training.varied import pictured

log = logging.getLogger(__name__)


def train(
    faces: tuple[Path, ...],
    choices: tuple[Path, ...],
    people: tuple[str, ...],
    generator: Path,
    history: Path,
    previews: Path,
    varied: Path,
    settings: Train,
    augmented: tuple[Path, ...] = (),
    weights: tuple[Path, ...] = (),
    crowd: tuple[str, ...] = (),
    begin: tuple[Path, ...] = (),
    scalars: tuple[Path, ...] = (),
    chosen: tuple[Path, ...] = (),
    truths: tuple[Path, ...] = (),
    become: tuple[str, ...] = (),
) -> None:
    """Teach one generator the faces of everybody in the cast.

    Args:
        faces: the faces of every clip that they are learnt from.
        choices: which of them are kept.
        people: everybody in the cast who is painted as themselves.
        generator: where the trained generator goes.
        history: where the course of the losses goes.
        previews: where the film of previews goes.
        varied: where the contact sheet of faces goes, varied as they are learnt.
        settings: model, losses, augmentation and schedule, as JSON.
        augmented: faces with features of look-alikes, to be learnt as well.
        weights: the files of weights that the losses need, and what looks at faces held out.
        crowd: the others in the cast, who are painted by one decoder as one.
        begin: a trained generator to go on from, or none.
        scalars: a folder for TensorBoard's scalars, or none.
        chosen: the faces of clips by which weights are chosen, for their truth is known.
        truths: for each host of theirs the clip that shows the truth.
        become: for each of these who becomes whom, as CLIP:HOST=DONOR.
    """
    cast = Cast(people, crowd)
    needs_others(cast.painted, settings)
    with together():
        taught(
            Tables(faces, choices, augmented),
            cast,
            Outputs(generator, history, previews, varied),
            settings,
            Given(weights, begin, scalars, known(chosen, truths, become)),
        )


@dataclass(frozen=True)
class Given:
    """What a training may be given besides faces, and where it may report to."""

    weights: tuple[Path, ...] = ()
    begin: tuple[Path, ...] = ()
    scalars: tuple[Path, ...] = ()
    known: Known = Known((), ())


@dataclass(frozen=True)
class Outputs:
    """Where a training's files go."""

    generator: Path
    history: Path
    previews: Path
    varied: Path

    @property
    def resume(self) -> Path:
        """Where a training under way is kept."""
        return self.generator.with_suffix(".resume.pt")

    @property
    def state(self) -> Path:
        """Where a training with more steps can go on."""
        return self.generator.with_suffix(".state.pt")

    @property
    def pages(self) -> Path:
        """Where the pages of the previews wait to become a film."""
        return self.generator.with_suffix(".previews")


def taught(tables: Tables, cast: Cast, outputs: Outputs, settings: Train, given: Given) -> None:
    """The training, in one process or as one of several; the first of them writes the files."""
    files = [*tables.paths(), *given.weights, *given.begin, *given.known.paths]
    marks = fingerprints(files, cast.marks, settings)
    faces = learnt_from(tables, cast, settings)
    made = begun(settings, cast.painted, faces.banks, given.begin)
    varied, own = variations(settings, cast)
    shown = None
    if first():
        shown = Previews(own_folder(outputs.pages, marks.kept), faces.banks, settings.model.size)
        page = pictured(faces.banks, varied, settings.model.size, settings.seed)
        with whole(outputs.varied) as part:
            part.write_bytes(encode_png(page))
    against = adversary(settings, cast.painted)
    if settings.compile:
        compiled(made, against, fastest())
    start, *later = phases(settings, given.weights)
    with reporting(settings, given.scalars) as report:
        course = learn(
            made,
            faces.banks,
            start.losses,
            varied,
            options(settings),
            resume=outputs.resume,
            fingerprint=marks.whole,
            adversary=against,
            phases=tuple(later),
            trips=start.trips,
            examiners=examiners(settings, made),
            secrets=start.examiners,
            own=own,
            progress=report if first() else None,
            preview=shown.add if shown else None,
            kept=kept(outputs.state, marks.kept, settings),
            watch=watch(faces, settings, given.weights, given.known),
        )
    if shown is None:
        return
    write(outputs.history, (Step(*row) for row in course.rows), Step)
    with whole(outputs.previews) as part:
        filmed(shown.pages(settings.steps), part)
    with whole(outputs.generator) as part:
        told = settings.model_dump_json(exclude_none=True)
        learnt = {name: each.cpu() for name, each in made.state_dict().items()}
        Checkpoint(told, list(cast.painted), faces.colours, course.precision, learnt).save(part)
    outputs.resume.unlink(missing_ok=True)
    if settings.keep == "nothing":
        outputs.state.unlink(missing_ok=True)
        shutil.rmtree(outputs.pages, ignore_errors=True)
    log.info("%s", summed_up(course, settings))


def known(faces: tuple[Path, ...], films: tuple[Path, ...], become: tuple[str, ...]) -> Known:
    """The swaps by which weights are chosen."""
    if len(films) != len(become):
        raise FaceloomError(f"--truths: {len(films)} films, but --become names {len(become)} swaps")
    told = (Chosen.told(said, film) for said, film in zip(become, films, strict=True))
    return Known(tuple(told), faces)


def summed_up(course: History, settings: Train) -> str:
    """A training in a line."""
    last = course.rows[-1].step if course.rows else 0
    words = f"{last} steps in {course.precision}"
    if course.skipped:
        words += f", {len(course.skipped)} left out"
    if course.why:
        return f"{words}, stopped for {course.why}; the weights of step {course.kept} are kept"
    if settings.best:
        return f"{words}; the weights of step {course.kept} are kept, the best by faces held out"
    return words


@dataclass(frozen=True)
class Fingerprints:
    """What a training depends on, in hex digits; `kept` leaves out how many steps it has."""

    whole: str
    kept: str


def fingerprints(inputs: Iterable[Path], people: tuple[str, ...], settings: Train) -> Fingerprints:
    """What a training depends on: settings, code, and the faces themselves."""
    modules = (part.module for part in settings.parts())
    said = [digest("faceloom.stages.train", *modules), *people]
    if count() > 1:
        said.append(f"{count()} processes")
    behind = mark(said, inputs)
    return Fingerprints(
        mark([settings.model_dump_json(), behind], ()),
        mark([settings.model_dump_json(exclude={"steps"}), behind], ()),
    )


def kept(path: Path, mark: str, settings: Train) -> Kept | None:
    """Where a training with more steps goes on from; nowhere where nothing of it would be left."""
    starts = [phase.start for phase in settings.schedule or ()]
    step = common(settings.steps, settings.flat, starts)
    return Kept(path, mark, step) if settings.keep == "state" and step else None


@contextmanager
def reporting(settings: Train, folders: tuple[Path, ...]) -> Iterator[Callable[[Progress], None]]:
    """Who is told how far it is: a bar, and TensorBoard where a folder is given."""
    bar = Bar(settings.steps)
    scalars = Scalars(folders[0]) if folders and first() else None

    def report(now: Progress) -> None:
        bar.move(now)
        if scalars:
            scalars.add(now)

    try:
        yield report
    finally:
        bar.bar.close()
        if scalars:
            scalars.close()


class Bar:
    """How far it is, on a terminal; nothing in a log."""

    def __init__(self, steps: int) -> None:
        """A bar of so many steps."""
        self.bar = tqdm(total=steps, desc="train", unit="step", disable=None)

    def move(self, now: Progress) -> None:
        """Show where it is, with loss, samples a second and time left."""
        self.bar.set_postfix_str(
            f"loss {now.losses.get('total', nan):.4f}, {now.samples_per_second:.0f} samples/s, "
            f"{now.seconds_left:.0f} s left",
            refresh=False,
        )
        self.bar.update(now.step - self.bar.n)
        if now.step == now.steps:
            self.bar.close()
