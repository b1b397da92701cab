"""train: from a cast's faces to a generator that swaps them.

A training that was broken off goes on where it was, from a file that lies beside the output.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path

import torch
from tqdm import tqdm

from ..errors import FaceloomError
from ..models.generator import Generator
from ..parts import build
from ..rows.steps import Step
from ..settings import Train
from ..settings.learning import Phase as Beginning
from ..sources import digest
from ..tables import own_folder, whole, write
from ..training.adversary import Adversary, judges
from ..training.augmentation import Augmentation
from ..training.banks import Tables, banked, common_colours, recoloured
from ..training.checkpoint import Checkpoint
from ..training.faces import Bank
from ..training.loop import train as learn
from ..training.options import Options, Progress
from ..training.pool import Pool
from ..training.precision import fastest
from ..training.previews import Previews, filmed
from ..training.schedule import Phase
from ..training.views import FINER
from ..weights import sha256

log = logging.getLogger(__name__)



def train(
    faces: tuple[Path, ...],
    choices: tuple[Path, ...],
    people: tuple[str, ...],
    generator: Path,
    history: Path,
    previews: Path,
    settings: Train,
    augmented: tuple[Path, ...] = (),
    weights: tuple[Path, ...] = (),
) -> None:
    """Teach one generator the faces of everybody in the cast.

    Args:
        faces: the faces of every clip that they are learnt from.
        choices: which of them are kept.
        people: everybody in the cast.
        generator: where the trained generator goes.
        history: where the course of the losses goes.
        previews: where the film of previews goes.
        settings: model, losses, augmentation and schedule, as JSON.
        augmented: faces with features of look-alikes, to be learnt as well.
        weights: the files of weights that the losses need.
    """
    needs_others(people, settings)
    mark = fingerprint([*faces, *choices, *augmented, *weights], people, settings)
    resume = generator.with_suffix(".resume.pt")
    seen = generator.with_suffix(".previews")
    tables = Tables(faces, choices, augmented)
    size, eyes = FINER * settings.model.size, settings.losses.eyes is not None
    withheld = settings.withheld()
    banks, skins = banked(tables, people, size, eyes=eyes, landmarks=withheld is not None)
    colours = common_colours(banks, skins) if settings.colours == "common" else {}
    for person in colours and people:
        recoloured(banks[person], skins[person], colours)
    made = begun(settings, people, banks)
    bar = Bar(settings.steps)
    shown = Previews(own_folder(seen, mark), banks, settings.model.size)
    first, *later = phases(settings, weights)
    course = learn(
        made,
        banks,
        first.losses,
        Augmentation(**settings.augmentation.model_dump(), withheld=withheld or 0.0),
        options(settings),
        resume=resume,
        fingerprint=mark,
        adversary=adversary(settings, people),
        phases=tuple(later),
        trips=first.trips,
        progress=bar.move,
        preview=shown.add,
    )
    write(history, (Step(*row) for row in course.rows), Step)
    with whole(previews) as part:
        filmed(shown.pages(), part)
    with whole(generator) as part:
        told = settings.model_dump_json(exclude_none=True)
        learnt = {name: each.cpu() for name, each in made.state_dict().items()}
        Checkpoint(told, list(people), colours, course.precision, learnt).save(part)
    resume.unlink(missing_ok=True)
    shutil.rmtree(seen, ignore_errors=True)
    skipped = f", {len(course.skipped)} left out" if course.skipped else ""
    log.info("%d steps in %s%s", settings.steps, course.precision, skipped)


def needs_others(people: tuple[str, ...], settings: Train) -> None:
    """Refuse to swap the faces of somebody who is alone.

    Raises:
        FaceloomError: a loss or an adversary looks at swapped faces, and there is one person.
    """
    said = settings.losses.adversarial
    if len(people) < 2 and (settings.losses.cyclic or (said and said.swapped)):
        raise FaceloomError(
            f"--people {' '.join(people)}: losses.cyclic and adversarial.swapped are about faces "
            "that are swapped; name two people or more"
        )


def fingerprint(inputs: Iterable[Path], people: tuple[str, ...], settings: Train) -> str:
    """What a training depends on: settings, code, and the faces themselves."""
    modules = (part.module for part in settings.parts())
    said = [settings.model_dump_json(), digest("faceloom.stages.train", *modules), *people]
    return hashlib.sha256("\n".join([*said, *map(sha256, inputs)]).encode()).hexdigest()


def begun(settings: Train, people: tuple[str, ...], banks: dict[str, Bank]) -> Generator:
    """A generator that has learnt nothing, drawn by the seed; on a GPU where there is one."""
    from ..models.layers import biased

    torch.manual_seed(settings.seed)
    made: Generator = build(settings.model, people=people)
    biased(made, {person: bank.colour() for person, bank in banks.items()})
    return made.to(fastest())


def adversary(settings: Train, people: tuple[str, ...]) -> Adversary | None:
    """Who is taught against the generator, having learnt nothing."""
    said = settings.losses.adversarial
    if said is None:
        return None
    size = settings.model.size
    networks = judges(people, lambda: build(said.discriminator, size=size))
    return Adversary(
        networks.to(fastest()),
        build(said.objective),
        weight=said.weight,
        shown=said.of,
        rate=said.rate,
        betas=said.betas,
        every=said.every,
        swapped=bool(said.swapped),
        pools={person: Pool(said.pool) for person in people} if said.pool else {},
    )


def phases(settings: Train, weights: tuple[Path, ...]) -> Iterator[Phase]:
    """What holds from the start on, and from each later phase on; a network is loaded once."""
    made = cache(partial(build, weights=weights))
    for phase, losses in [(Beginning(start=0), settings.losses), *settings.phases()]:
        against = losses.adversarial
        own, trips = (
            {
                loss.kind: (loss.weight, made(loss.model_copy(update={"weight": 1.0})))
                for loss in losses.on()
                if loss.trip is trip
            }
            for trip in (False, True)
        )
        yield Phase(
            start=round(phase.start * settings.steps),
            losses=own,
            adversarial=against.weight if against else 0.0,
            rate=phase.rate,
            turn=phase.turn,
            trips=trips,
        )


def options(settings: Train) -> Options:
    """The loop's options, as the settings have them."""
    return Options(
        steps=settings.steps,
        batch=settings.batch,
        rate=settings.rate,
        betas=settings.betas,
        clip=settings.clip,
        decay=settings.decay,
        average=settings.average,
        warmup=settings.warmup,
        flat=settings.flat,
        seed=settings.seed,
        threads=settings.threads,
        precision=settings.precision,
        save_every=settings.save,
        preview_every=settings.preview,
    )


class Bar:
    """How far it is, on a terminal; nothing in a log."""

    def __init__(self, steps: int) -> None:
        """A bar of so many steps."""
        self.bar = tqdm(total=steps, desc="train", unit="step", disable=None)

    def move(self, now: Progress) -> None:
        """Show where it is, with loss, samples a second and time left."""
        self.bar.set_postfix_str(
            f"loss {now.losses['total']:.4f}, {now.samples_per_second:.0f} samples/s, "
            f"{now.seconds_left:.0f} s left",
            refresh=False,
        )
        self.bar.update(now.step - self.bar.n)
        if now.step == now.steps:
            self.bar.close()
