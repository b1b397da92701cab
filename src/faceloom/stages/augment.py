"""augment: a person's faces with features of another's look-alikes.

As in faceswap-GAN's note 11 the result counts as a face of whoever's features are in it.
A gate, where it is set, drops what has a seam.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..geometry.similarity import apply
from ..images import decode, encode_png
from ..parts import build
from ..pixels.sheets import sheet as contact_sheet
from ..rows.augmented import Augmented
from ..rows.choices import Choice
from ..rows.faces import Face
from ..rows.lookalikes import Lookalike
from ..settings import Augment
from ..tables import read, scan, whole, write

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
    wanted = {key for pair in pairs for key in pair}
    seen = {f.key: f for path in faces for f in scan(path, Face) if f.key in wanted}
    made = list(grafts(pairs, seen, settings))
    write(augmented, made, Augmented)
    with whole(sheet) as part:
        part.write_bytes(encode_png(pictured(made, seen)))
    dropped = sum(not row.kept for row in made)
    log.info("%d made, %d dropped for their seam", len(made), dropped)


def drawn(choices: Path, lookalikes: Path, settings: Augment) -> list[tuple[Key, Key]]:
    """Faces and a look-alike for each, drawn by the seed."""
    draws = np.random.default_rng(settings.seed)
    near: dict[Key, list[Key]] = {}
    for row in read(lookalikes, Lookalike):
        other = (row.other_clip, row.other_frame, row.other_track)
        near.setdefault((row.clip, row.frame, row.track), []).append(other)
    mine = [row.key for row in read(choices, Choice) if row.kept and row.key in near]
    chosen = draws.permutation(len(mine))[: max(1, round(settings.share * len(mine)))]
    return [
        (mine[place], near[mine[place]][int(draws.integers(len(near[mine[place]])))])
        for place in sorted(chosen.tolist())
    ]


def grafts(
    pairs: list[tuple[Key, Key]], seen: dict[Key, Face], settings: Augment
) -> Iterator[Augmented]:
    """A row for each pair."""
    augmenter = build(settings.by)
    draws = np.random.default_rng([settings.seed, 1])
    for mine, other in pairs:
        face, theirs = seen[mine], seen[other]
        grafted = augmenter(looks(face), looks(theirs), draws)
        yield Augmented(
            *mine[:1],
            person=theirs.person,
            frame=mine[1],
            track=mine[2],
            parts=grafted.part,
            other_clip=other[0],
            other_frame=other[1],
            quality=grafted.seam,
            kept=settings.gate is None or grafted.seam <= settings.gate,
            mask=face.mask,
            image=encode_png(grafted.image),
        )


def looks(face: Face) -> tuple[np.ndarray, np.ndarray]:
    """A face's crop, and its landmarks in the crop."""
    return decode(face.image), apply(face.affine, face.points)


def pictured(made: list[Augmented], seen: dict[Key, Face]) -> np.ndarray:
    """A contact sheet: each face before and after."""
    some = made[:: max(1, len(made) // SHOWN)][:SHOWN]
    images, captions = [], []
    for row in some:
        images += [decode(seen[row.clip, row.frame, row.track].image), decode(row.image)]
        fate = "" if row.kept else ", dropped"
        captions += [f"{row.clip} {row.frame}", f"{row.parts}, seam {row.quality:.2f}{fate}"]
    return contact_sheet(images, 8, 128, captions)
