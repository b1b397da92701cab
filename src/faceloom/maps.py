"""Semantic maps of faces: by what parsing has found, or as a person has painted them.

A painted map lies beside its clip: NAME_sem.png for a picture, for a film NAME_sem.zip with one
for each frame. It is as large as the frame, and each of its colours is a label.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby, tee
from pathlib import Path

import numpy as np

from .errors import FaceloomError
from .geometry.similarity import apply
from .images import decode
from .labels import labelled
from .media import pictures
from .pixels.semantics import COLOURS, Map, coloured, numbered, told
from .rows.faces import Face
from .rows.parsed import Parsed
from .tables import scan


def parsed(faces: Iterable[Face], found: Iterable[Parsed]) -> Iterator[Map]:
    """The map of each face, by its parsing; both in order of time, some may be without a face.

    Raises:
        FaceloomError: where a face is not parsed, or its crop is of another size.
    """
    for face, labels in labelled(faces, found):
        yield told(labels, apply(face.affine, face.points))


def painted(faces: Iterable[Face], path: Path) -> Iterator[Map]:
    """The map of each face, as a person has painted it; the faces are in order of time.

    Raises:
        FaceloomError: where a frame has no map, or one of another size, or of too many colours.
    """
    shown = pictures(path)
    now = None
    for face in faces:
        while now is None or now.frame < face.frame:
            now = next(shown, None)
            if now is None:
                raise FaceloomError(
                    f"{path}: no map of frame {face.frame}; paint one for each frame of "
                    f"{face.clip}, or take it away"
                )
            checked(now.image, face, path)
        yield coloured(now.image, face.affine, len(decode(face.image)))


def checked(picture: np.ndarray, face: Face, path: Path) -> None:
    """FaceloomError where a map does not fit its frame, or has smoothed edges."""
    tall, wide = picture.shape[:2]
    if (wide, tall) != (face.width, face.height):
        raise FaceloomError(
            f"{path}: {wide}x{tall} pixels, but the frames of {face.clip} are "
            f"{face.width}x{face.height}; paint over a frame as it is"
        )
    if (count := len(np.unique(numbered(picture)))) > COLOURS:
        raise FaceloomError(
            f"{path}: {count} colours, where each is a label and {COLOURS} are the most; paint "
            "with flat colours and hard edges, and save as PNG"
        )


class Maps:
    """What is known of what the faces of several clips show."""

    def __init__(self, tables: tuple[Path, ...], painted: tuple[str, ...]) -> None:
        """By tables of parsings, and by paintings, as clip=file: these count more."""
        self.tables = tables
        self.painted = {name: Path(file) for name, _, file in (w.partition("=") for w in painted)}

    def along(self, faces: Iterable[Face]) -> Iterator[tuple[Face, Map | None]]:
        """Each face, clip after clip in order of time, with its map; None where nobody knows any.

        Raises:
            FaceloomError: where some clip is painted, and this one is not.
        """
        for clip, own in groupby(faces, key=lambda face: face.clip):
            one, other = tee(own)
            yield from (
                zip(one, self.of(clip, other), strict=True)
                if self
                else ((face, None) for face in one)
            )

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.tables or self.painted)

    def of(self, clip: str, faces: Iterable[Face]) -> Iterator[Map]:
        """The maps of a clip's faces."""
        if not self.painted:
            every = (row for path in self.tables for row in scan(path, Parsed))
            return parsed(faces, (row for row in every if row.clip == clip))
        if clip not in self.painted:
            there = " and ".join(map(str, self.painted.values()))
            raise FaceloomError(
                f"{clip}: nobody has painted its map, but there is {there}; paint both in the same "
                "colours, or take it away"
            )
        return painted(faces, self.painted[clip])
