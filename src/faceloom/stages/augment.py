"""augment: a person's faces with features of another's look-alikes.

As in faceswap-GAN's note 11 the result counts as a face of whoever's features are in it.
A gate, where it is set, drops what has a seam.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..album import Album
from ..errors import FaceloomError
from ..geometry.similarity import apply
from ..images import decode, encode_png
from ..parts import build
from ..pixels.sheets import sheet as contact_sheet
from ..rows.augmented import Augmented
from ..rows.choices import Choice
from ..rows.faces import Face
from ..rows.lookalikes import Lookalike
from ..settings import Augment
from ..tables import column, read, scan, whole, write

log = logging.getLogger(__name__)

SHOWN = 16
Key = tuple[str, int, int]


def augment(
    faces: tuple[Path, ...],
    choices: Path,
    lookalikes: Path,
    augmented: Path,
    sheet: Path,
    settings: Augment,
) -> None:
    """Put features of look-alikes into a person's faces.

    Args:
        faces: the faces of both people.
        choices: which of the person's faces are kept.
        lookalikes: every face's look-alikes among the other's.
        augmented: where the new faces go.
        sheet: where the contact sheet goes.
        settings: which parts, how many, and how bad a seam may be, as JSON.
    """
    pairs = drawn(choices, lookalikes, settings)
    seen = Seen(faces, {key for pair in pairs for key in pair})
    shown: list[Augmented] = []
    every = max(1, len(pairs) // SHOWN)
    made = write(augmented, some(grafts(pairs, seen, settings), every, shown), Augmented)
    with whole(sheet) as part:
        part.write_bytes(encode_png(pictured(shown, seen)))
    log.info("%d made, %d dropped for their seam", made, column(augmented, "kept").count(False))


class Seen:
    """The faces that are wanted, their pictures out of memory."""

    def __init__(self, tables: tuple[Path, ...], wanted: set[Key]) -> None:
        """Set aside those faces of the tables.

        Raises:
            FaceloomError: where one is in none of them.
        """
        self.pictures = Album()
        self.numbers: dict[Key, int] = {}
        self.faces: dict[Key, Face] = {}
        for face in (face for path in tables for face in scan(path, Face) if face.key in wanted):
            self.numbers[face.key] = self.pictures.add(face.image)
            self.faces[face.key] = replace(face, image=b"")
        if missing := wanted - self.faces.keys():
            clip, frame, track = min(missing)
            raise FaceloomError(
                f"{clip}: no face {track} in frame {frame} among the faces given; "
                "give the tables of both people"
            )

    def picture(self, key: Key) -> np.ndarray:
        """A face's crop."""
        image: np.ndarray = self.pictures[self.numbers[key]]
        return image

    def looks(self, key: Key) -> tuple[np.ndarray, np.ndarray]:
        """A face's crop, and its landmarks in the crop."""
        face = self.faces[key]
        return self.picture(key), apply(face.affine, face.points)


def some(rows: Iterator[Augmented], every: int, shown: list[Augmented]) -> Iterator[Augmented]:
    """All rows; a few of them, evenly, are noted on their way."""
    for number, row in enumerate(rows):
        if number % every == 0 and len(shown) < SHOWN:
            shown.append(row)
        yield row


def drawn(choices: Path, lookalikes: Path, settings: Augment) -> list[tuple[Key, Key]]:
    """Faces and a look-alike for each, drawn by the seed."""
    draws = np.random.default_rng(settings.seed)
    near: dict[Key, list[Key]] = {}
    for row in read(lookalikes, Lookalike):
        other = (row.other_clip, row.other_frame, row.other_track)
        near.setdefault((row.clip, row.frame, row.track), []).append(other)
    mine = [row.key for row in read(choices, Choice) if row.kept and row.key in near]
    if not mine:
        raise FaceloomError(
            f"{lookalikes}: no look-alike for any face that is kept in {choices}; "
            "are both of the same two people?"
        )
    chosen = draws.permutation(len(mine))[: max(1, round(settings.share * len(mine)))]
    return [
        (mine[place], near[mine[place]][int(draws.integers(len(near[mine[place]])))])
        for place in sorted(chosen.tolist())
    ]


def grafts(pairs: list[tuple[Key, Key]], seen: Seen, settings: Augment) -> Iterator[Augmented]:
    """A row for each pair."""
    augmenter = build(settings.by)
    draws = np.random.default_rng([settings.seed, 1])
    for mine, other in pairs:
        grafted = augmenter(seen.looks(mine), seen.looks(other), draws)
        clip, frame, track = mine
        yield Augmented(
            clip=clip,
            person=seen.faces[other].person,
            frame=frame,
            track=track,
            parts=grafted.part,
            other_clip=other[0],
            other_frame=other[1],
            quality=grafted.seam,
            kept=settings.gate is None or grafted.seam <= settings.gate,
            mask=seen.faces[mine].mask,
            image=encode_png(grafted.image),
        )


def pictured(shown: list[Augmented], seen: Seen) -> np.ndarray:
    """A contact sheet: each face before and after."""
    images, captions = [], []
    for row in shown:
        images += [seen.picture((row.clip, row.frame, row.track)), decode(row.image)]
        fate = "" if row.kept else ", dropped"
        captions += [f"{row.clip} {row.frame}", f"{row.parts}, seam {row.quality:.2f}{fate}"]
    return contact_sheet(images, 8, 128, captions)
