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

from ..critics.critic import Codes
from ..errors import FaceloomError
from ..models.generator import Generator
from ..parts import build
from ..rows.steps import Step
from ..settings import Train
from ..settings.learning import Augmentation as Form
from ..settings.learning import Phase as Beginning
from ..sources import digest
from ..tables import own_folder, whole, write
from ..training.adversary import Adversary, judges
from ..training.augmentation import Augmentation
from ..training.banks import CROWD, Tables, banked, common_colours, recoloured
from ..training.checkpoint import Checkpoint
from ..training.examiners import Examiner
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
    crowd: tuple[str, ...] = (),
) -> None:
    """Teach one generator the faces of everybody in the cast.

    Args:
        faces: the faces of every clip that they are learnt from.
        choices: which of them are kept.
        people: everybody in the cast who is painted as themselves.
        generator: where the trained generator goes.
        history: where the course of the losses goes.
        previews: where the film of previews goes.
        settings: model, losses, augmentation and schedule, as JSON.
        augmented: faces with features of look-alikes, to be learnt as well.
        weights: the files of weights that the losses need.
        crowd: the others in the cast, who are painted by one decoder as one.
    """
    taught = (*people, CROWD) if crowd else people
    needs_others(taught, settings)
    mark = fingerprint(
        [*faces, *choices, *augmented, *weights],
        (*people, *(f"+{each}" for each in crowd)),
        settings,
    )
    resume = generator.with_suffix(".resume.pt")
    seen = generator.with_suffix(".previews")
    tables = Tables(faces, choices, augmented)
    size, eyes = FINER * settings.model.size, settings.losses.eyes is not None
    withheld = settings.withheld()
    groups = {person: (person,) for person in people} | ({CROWD: crowd} if crowd else {})
    banks, skins = banked(tables, groups, size, eyes=eyes, landmarks=withheld is not None)
    colours = common_colours(banks, skins, groups) if settings.colours == "common" else {}
    for person in colours and taught:
        recoloured(banks[person], skins[person], colours)
    made = begun(settings, taught, banks)
    seen_codes = examiners(settings, made)
    bar = Bar(settings.steps)
    shown = Previews(own_folder(seen, mark), banks, settings.model.size)
    first, *later = phases(settings, weights)
    course = learn(
        made,
        banks,
        first.losses,
        varied(settings, settings.augmentation),
        options(settings),
        resume=resume,
        fingerprint=mark,
        adversary=adversary(settings, taught),
        phases=tuple(later),
        trips=first.trips,
        examiners=seen_codes,
        secrets=first.examiners,
        own={person: varied(settings, settings.few) for person in people} if settings.few else {},
        progress=bar.move,
        preview=shown.add,
    )
    write(history, (Step(*row) for row in course.rows), Step)
    with whole(previews) as part:
        filmed(shown.pages(), part)
    with whole(generator) as part:
        told = settings.model_dump_json(exclude_none=True)
        learnt = {name: each.cpu() for name, each in made.state_dict().items()}
        Checkpoint(told, list(taught), colours, course.precision, learnt).save(part)
    resume.unlink(missing_ok=True)
    shutil.rmtree(seen, ignore_errors=True)
    skipped = f", {len(course.skipped)} left out" if course.skipped else ""
    log.info("%d steps in %s%s", settings.steps, course.precision, skipped)


def needs_others(people: tuple[str, ...], settings: Train) -> None:
    """Refuse to swap the faces of somebody who is alone, or to tell them from nobody.

    Raises:
        FaceloomError: something is about others, and there are none.
    """
    losses, against = settings.losses, settings.losses.adversarial
    about = [f"losses.{each.kind}" for each in losses.on() if each.trip]
    about += ["losses.domain"] if losses.domain else []
    about += ["losses.adversarial.swapped"] if against and against.swapped else []
    if len(people) < 2 and about:
        raise FaceloomError(
            f"--people {' '.join(people)}: {about[0]} is about other people too; "
            "name two people or more, or a crowd"
        )
    if settings.few and CROWD not in people:
        raise FaceloomError(
            "train.few: is for a cast with a crowd; name one in casts, or say train.augmentation"
        )


def varied(settings: Train, how: Form) -> Augmentation:
    """How much faces may vary."""
    return Augmentation(**how.model_dump(), withheld=settings.withheld() or 0.0)


def examiners(settings: Train, made: Generator) -> dict[str, Examiner]:
    """Who looks at the codes of this generator, having learnt nothing."""
    said = settings.losses.examiners()
    if not said:
        return {}
    faces = torch.zeros(1, 3, made.size, made.size, device=fastest())
    with torch.no_grad():
        length = made.eval().code(faces).flat.shape[1]
    built = {each.kind: build(each, codes=Codes(made.people, length)) for each in said}
    for each in built.values():
        each.network.to(fastest())
    return {each.kind: Examiner(built[each.kind], each.rate, each.betas) for each in said}


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
            examiners={each.kind: each.weight for each in losses.examiners()},
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
