"""measure: from faces to one kind of fact about each."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import tee
from pathlib import Path

from tqdm import tqdm

from ..parts import build
from ..rows.faces import Face
from ..rows.facts import Measured
from ..settings import Measure
from ..tables import column, scan, write

log = logging.getLogger(__name__)


def measure(faces: Path, weights: tuple[Path, ...], facts: Path, settings: Measure) -> None:
    """Find out one kind of fact about every face.

    Args:
        faces: the faces.
        weights: the files of weights that the measure needs.
        facts: where the facts go.
        settings: which kind of fact, as JSON.
    """
    count = write(facts, measured(faces, weights, settings), Measured)
    log.info("%s of %d faces", settings.kind, count)


def measured(faces: Path, weights: tuple[Path, ...], settings: Measure) -> Iterator[Measured]:
    """A row for each face."""
    many = len(column(faces, "frame"))
    measures = build(settings, weights)
    shown = tqdm(scan(faces, Face), faces.stem, many, disable=None, unit="face")
    rows, seen = tee(shown)  # a measure takes faces one by one, or some at a time
    for face, values in zip(rows, measures(seen), strict=True):
        yield Measured(
            kind=settings.kind,
            clip=face.clip,
            person=face.person,
            frame=face.frame,
            track=face.track,
            values=values,
        )
