"""Which faces are held out of a training, and what they look like in the colours that it learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .. import colours as tints
from ..errors import FaceloomError
from ..images import decode, encode_png
from ..pixels.colour import moved
from ..rows.faces import Face
from ..tables import scan
from .banks import Groups, Key, Tables, resized
from .checkpoint import Colours
from .heldout import Held

KNOWN = 16  # of a person's faces that are learnt from, to know the person by


@dataclass(frozen=True)
class Split:
    """What is learnt from, and for each person what is held out and what the person looks like."""

    learnt: Tables
    held: dict[str, tuple[Face, ...]]
    known: dict[str, tuple[Face, ...]]

    def shown(self, size: int, colours: Colours) -> dict[str, Held]:
        """The faces as a training knows them: so large, in everybody's colours."""
        return {
            person: Held(
                np.stack([resized(decode(each.image), size) for each in tinted(held, colours)]),
                tinted(held, colours),
                tinted(self.known[person], colours),
            )
            for person, held in self.held.items()
        }


def split(tables: Tables, groups: Groups, share: float, faces: int) -> Split:
    """The last faces of everybody's, a share of all, are not learnt from; so many of them are seen.

    groups: whose faces each decoder learns; of each, so many are seen.

    Raises:
        FaceloomError: somebody has too few faces for that.
    """
    kept = tables.kept()
    left: set[Key] = set()
    held, known = {}, {}
    for name, people in groups.items():
        ends: list[Key] = []
        rest: list[Key] = []
        for person in people:
            keys = [row.key for row in tables.rows(person, kept) if isinstance(row, Face)]
            out = max(1, round(share * len(keys)))
            if out >= len(keys):
                raise FaceloomError(
                    f"{person}: {len(keys)} faces are too few to hold some out; "
                    "take train.best away"
                )
            ends += keys[-out:]
            rest += keys[:-out]
        left |= set(ends)
        held[name] = these(tables, evenly(ends, faces))
        known[name] = these(tables, evenly(rest, KNOWN))
    return Split(replace(tables, left=frozenset(left)), held, known)


def evenly(keys: Sequence[Key], count: int) -> set[Key]:
    """At most so many of them, from the first to the last."""
    places = np.linspace(0, len(keys) - 1, min(count, len(keys))).round().astype(int)
    return {keys[place] for place in places}


def these(tables: Tables, keys: set[Key]) -> tuple[Face, ...]:
    """The faces of these keys."""
    return tuple(face for path in tables.faces for face in scan(path, Face) if face.key in keys)


def tinted(faces: Sequence[Face], colours: Colours) -> tuple[Face, ...]:
    """Faces in everybody's colours; as they are where colours are left alone."""
    if not colours:
        return tuple(faces)
    common = tints.as_moments(colours[""])
    return tuple(
        replace(
            face,
            image=encode_png(
                moved(decode(face.image), tints.as_moments(colours[face.person]), common)
            ),
        )
        for face in faces
    )
