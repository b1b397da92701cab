"""train: from a cast's faces to a generator that swaps them.

A training that was broken off goes on where it was, from a file that lies beside the output.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from tqdm import tqdm

from .. import colours as tints
from ..album import mapped
from ..errors import FaceloomError
from ..images import decode
from ..models.generator import Generator
from ..parts import build
from ..pixels.colour import moved
from ..rows.augmented import Augmented
from ..rows.choices import Choice
from ..rows.faces import Face
from ..rows.steps import Step
from ..settings import Train
from ..settings.learning import Loss
from ..sources import digest
from ..tables import column, read, scan, whole, write, write_text
from ..training.augmentation import Augmentation
from ..training.checkpoint import Checkpoint, Colours
from ..training.faces import Bank
from ..training.loop import Options, Progress
from ..training.loop import train as learn
from ..training.previews import Previews, filmed
from ..weights import sha256

log = logging.getLogger(__name__)

FINER = 2  # faces are kept at this multiple of the network's size


def train(
    faces: tuple[Path, ...],
    choices: tuple[Path, ...],
    people: tuple[str, ...],
    generator: Path,
    history: Path,
    previews: Path,
    settings: Train,
    augmented: tuple[Path, ...] = (),
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
    """
    mark = fingerprint([*faces, *choices, *augmented], people, settings)
    resume = generator.with_suffix(".resume.pt")
    seen = generator.with_suffix(".previews")
    banks, skins = banked(faces, choices, augmented, people, FINER * settings.model.size)
    colours = common_colours(banks, skins) if settings.colours == "common" else {}
    for person in colours and people:
        recoloured(banks[person], skins[person], colours)
    made = begun(settings, people, banks)
    bar = Bar(settings.steps)
    shown = Previews(own_folder(seen, mark), banks, settings.model.size)
    course = learn(
        made,
        banks,
        {loss.kind: (loss.weight, build(loss)) for loss in losses(settings)},
        Augmentation(**settings.augmentation.model_dump()),
        options(settings),
        resume=resume,
        fingerprint=mark,
        progress=bar.move,
        preview=shown.add,
    )
    write(history, (Step(*row) for row in course.rows), Step)
    with whole(previews) as part:
        filmed(shown.pages(), part)
    with whole(generator) as part:
        told = settings.model_dump_json(exclude_none=True)
        weights = {name: each.cpu() for name, each in made.state_dict().items()}
        Checkpoint(told, list(people), colours, course.precision, weights).save(part)
    resume.unlink(missing_ok=True)
    shutil.rmtree(seen, ignore_errors=True)
    skipped = f", {len(course.skipped)} left out" if course.skipped else ""
    log.info("%d steps in %s%s", settings.steps, course.precision, skipped)


def fingerprint(inputs: Iterable[Path], people: tuple[str, ...], settings: Train) -> str:
    """What a training depends on: settings, code, and the faces themselves."""
    modules = (part.module for part in settings.parts())
    said = [settings.model_dump_json(), digest("faceloom.stages.train", *modules), *people]
    return hashlib.sha256("\n".join([*said, *map(sha256, inputs)]).encode()).hexdigest()


def own_folder(folder: Path, mark: str) -> Path:
    """The folder, holding nothing but what this very training has put in before it was stopped."""
    owner = folder / "fingerprint"
    if not owner.exists() or owner.read_text() != mark:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write_text(owner, mark)
    return folder


def begun(settings: Train, people: tuple[str, ...], banks: dict[str, Bank]) -> Generator:
    """A generator that has learnt nothing, drawn by the seed; on a GPU where there is one."""
    from ..models.layers import biased

    torch.manual_seed(settings.seed)
    made: Generator = build(settings.model, people=people)
    biased(made, {person: bank.colour() for person, bank in banks.items()})
    return made.to("cuda" if torch.cuda.is_available() else "cpu")


def losses(settings: Train) -> Iterator[Loss]:
    """The terms of the loss that are on."""
    for name in type(settings.losses).model_fields:
        if (loss := getattr(settings.losses, name)) is not None:
            yield loss


def options(settings: Train) -> Options:
    """The loop's options, as the settings have them."""
    return Options(
        steps=settings.steps,
        batch=settings.batch,
        rate=settings.rate,
        clip=settings.clip,
        warmup=settings.warmup,
        flat=settings.flat,
        seed=settings.seed,
        threads=settings.threads,
        precision=settings.precision,
        save_every=settings.save,
        preview_every=settings.preview,
    )


def banked(
    faces: tuple[Path, ...],
    choices: tuple[Path, ...],
    augmented: tuple[Path, ...],
    people: tuple[str, ...],
    size: int,
) -> tuple[dict[str, Bank], dict[str, list[str]]]:
    """Everybody's kept faces, decoded once into files that are mapped into memory.

    Also whose colours each face has: with another's features it still has its own.
    """
    kept = {row.key for path in choices for row in read(path, Choice) if row.kept}
    owners = {
        clip: person
        for path in faces
        for clip, person in zip(column(path, "clip"), column(path, "person"), strict=True)
    }
    banks: dict[str, Bank] = {}
    skins: dict[str, list[str]] = {person: [] for person in people}
    for person in people:
        own = [path for path in faces if person in column(path, "person")]
        rows = chosen(own, augmented, person, kept)
        count = sum(1 for _ in chosen(own, augmented, person, kept))
        if not count:
            raise FaceloomError(f"{person}: no face to learn from; see what curate has left out")
        images, masks = mapped((count, size, size, 3)), mapped((count, size, size))
        for place, row in enumerate(rows):
            images[place] = resized(decode(row.image), size)
            masks[place] = resized(decode(row.mask), size)
            skins[person].append(person if isinstance(row, Face) else owners[row.clip])
        banks[person] = Bank(images, masks)
    return banks, skins


def chosen(
    faces: list[Path], augmented: tuple[Path, ...], person: str, kept: set[tuple[str, int, int]]
) -> Iterator[Face | Augmented]:
    """A person's kept faces, then those with the person's features in another's face."""
    for path in faces:
        every = scan(path, Face)
        yield from (face for face in every if face.person == person and face.key in kept)
    for path in augmented:
        yield from (row for row in scan(path, Augmented) if row.kept and row.person == person)


def resized(image: np.ndarray, size: int) -> np.ndarray:
    """A crop at another size, each new pixel the mean of the area it covers."""
    how = cv2.INTER_AREA if image.shape[0] > size else cv2.INTER_CUBIC
    return cv2.resize(image, (size, size), interpolation=how)


def common_colours(banks: dict[str, Bank], skins: dict[str, list[str]]) -> Colours:
    """How everybody's colours lie, and halfway between all of them."""
    found = {
        person: tints.measured(
            (image, mask.astype(np.float32) / 255)
            for image, mask, skin in zip(bank.images, bank.masks, skins[person], strict=True)
            if skin == person
        )
        for person, bank in banks.items()
    }
    return {**found, "": tints.common(found.values())}


def recoloured(bank: Bank, skins: list[str], colours: Colours) -> None:
    """Move all faces of a bank from their own colours to everybody's, in place."""
    for image, skin in zip(bank.images, skins, strict=True):
        own, common = (tints.as_moments(colours[name]) for name in (skin, ""))
        image[...] = moved(image, own, common)


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
