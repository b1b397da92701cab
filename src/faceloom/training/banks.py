"""Everybody's faces out of their tables, decoded once, in everybody's colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import cv2
import numpy as np

from .. import colours as tints
from ..album import mapped
from ..errors import FaceloomError
from ..geometry.arrays import Points
from ..geometry.similarity import apply
from ..images import decode, from_mask
from ..pixels import lines
from ..pixels.colour import moved
from ..pixels.masks import dilated, parts
from ..rows.augmented import Augmented
from ..rows.choices import Choice
from ..rows.faces import Face
from ..tables import column, read, scan
from .checkpoint import Colours
from .faces import Bank

Key = tuple[str, int, int]
Groups = Mapping[str, tuple[str, ...]]
CROWD = "the crowd"  # has a bank and a decoder of its own; no person is called so
CLASSIC = 256  # pixels a side of the crops that the field's numbers are said for


@dataclass(frozen=True)
class Tables:
    """What a cast is learnt from: everybody's faces, which are kept, and what was made of them.

    left: faces that are held out all the same, and what was made of them.
    """

    faces: tuple[Path, ...]
    choices: tuple[Path, ...]
    augmented: tuple[Path, ...] = ()
    left: frozenset[Key] = frozenset()

    def paths(self) -> tuple[Path, ...]:
        """All files of them."""
        return (*self.faces, *self.choices, *self.augmented)

    def kept(self) -> set[Key]:
        """The faces that are kept."""
        every = (row for path in self.choices for row in read(path, Choice) if row.kept)
        return {row.key for row in every} - self.left

    def owners(self) -> dict[str, str]:
        """Whose clip each is."""
        return {
            clip: person
            for path in self.faces
            for clip, person in zip(column(path, "clip"), column(path, "person"), strict=True)
        }

    def rows(self, person: str, kept: set[Key]) -> Iterator[Face | Augmented]:
        """A person's kept faces, then those with the person's features in another's face."""
        for path in self.faces:
            if person in column(path, "person"):
                every = scan(path, Face)
                yield from (face for face in every if face.person == person and face.key in kept)
        for path in self.augmented:
            for row in scan(path, Augmented):
                if row.kept and row.person == person and row.key not in self.left:
                    yield row

    def landmarks(self) -> dict[Key, Points]:
        """Where the landmarks of every face lie in its crop."""
        return {
            face.key: apply(face.affine, face.points)
            for path in self.faces
            for face in scan(path, Face)
        }


def banked(
    tables: Tables,
    groups: Groups,
    size: int,
    *,
    eyes: bool = False,
    landmarks: bool = False,
) -> tuple[dict[str, Bank], dict[str, list[str]]]:
    """Everybody's kept faces, decoded once into files that are mapped into memory.

    groups: whose faces are in each bank; everybody in one is drawn as often as the others. Also
    whose colours each face has: with another's features it still has its own.
    """
    kept, owners = tables.kept(), tables.owners()
    lying = tables.landmarks() if eyes or landmarks else {}
    banks: dict[str, Bank] = {}
    skins: dict[str, list[str]] = {name: [] for name in groups}
    for name, people in groups.items():
        counts = [sum(1 for _ in tables.rows(person, kept)) for person in people]
        for person, own in zip(people, counts, strict=True):
            if not own:
                raise FaceloomError(
                    f"{person}: no face to learn from; see what curate has left out"
                )
        count = sum(counts)
        pixels = mapped((count, size, size, 4))
        where = mapped((count, size, size)) if eyes else None
        drawn = mapped((count, size, size)) if landmarks else None
        rows = chain.from_iterable(tables.rows(person, kept) for person in people)
        for place, row in enumerate(rows):
            image = decode(row.image)
            pixels[place, ..., :3] = resized(image, size)
            pixels[place, ..., 3] = resized(decode(row.mask), size)
            if lying:
                points = (lying[row.clip, row.frame, row.track] + 0.5) * size / len(image) - 0.5
            if where is not None:
                where[place] = about_eyes(points, size)
            if drawn is not None:
                drawn[place] = lines.drawn(points, size)
            skins[name].append(row.person if isinstance(row, Face) else owners[row.clip])
        alike = np.repeat(1 / np.array(counts, float), counts) if len(people) > 1 else None
        banks[name] = Bank(pixels, alike, eyes=where, landmarks=drawn)
    return banks, skins


def about_eyes(landmarks: Points, size: int) -> np.ndarray:
    """A soft mask (size, size), uint8, of the eyes and a little around them.

    landmarks: (68, 2). faceswap-GAN v2.2 grows hulls by 6 pixels and blurs them over 7, in crops
    of 256.
    """
    hulls = parts(landmarks, ["eyes"], (size, size))
    grown = dilated(hulls, round(size * 6 / CLASSIC))
    across = 2 * round(size * 3 / CLASSIC) + 1
    return from_mask(np.asarray(cv2.blur(grown, (across, across)), np.float32))


def resized(image: np.ndarray, size: int) -> np.ndarray:
    """A crop at another size, each new pixel the mean of the area it covers."""
    how = cv2.INTER_AREA if image.shape[0] > size else cv2.INTER_CUBIC
    return cv2.resize(image, (size, size), interpolation=how)


def common_colours(banks: dict[str, Bank], skins: dict[str, list[str]], groups: Groups) -> Colours:
    """How everybody's colours lie, and halfway between all of them."""
    found = {
        person: tints.measured(
            (image, mask.astype(np.float32) / 255)
            for image, mask, skin in zip(bank.images, bank.masks, skins[name], strict=True)
            if skin == person
        )
        for name, bank in banks.items()
        for person in groups[name]
    }
    return {**found, "": tints.common(found.values())}


def recoloured(bank: Bank, skins: list[str], colours: Colours) -> None:
    """Move all faces of a bank from their own colours to everybody's, in place."""
    for image, skin in zip(bank.images, skins, strict=True):
        own, common = (tints.as_moments(colours[name]) for name in (skin, ""))
        image[...] = moved(image, own, common)
