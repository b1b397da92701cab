"""measure: from faces to one kind of fact about each: numbers, or a map of what its pixels show."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import tee
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..images import encode_png, from_mask
from ..parts import build
from ..pixels.parsing import Parse
from ..rows.faces import Face
from ..rows.facts import Measured
from ..rows.parsed import Parsed
from ..settings import Measure, Parsing
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
    told = found(faces, weights, settings)
    if isinstance(settings, Parsing):
        count = write(facts, (parsed(settings.kind, *each) for each in told), Parsed)
    else:
        count = write(facts, (measured(settings.kind, *each) for each in told), Measured)
    log.info("%s of %d faces", settings.kind, count)


def found(faces: Path, weights: tuple[Path, ...], settings: Measure) -> Iterator[tuple[Face, Any]]:
    """Each face, and what is found out about it."""
    many = len(column(faces, "frame"))
    measures = build(settings, weights)
    shown = tqdm(scan(faces, Face), faces.stem, many, disable=None, unit="face")
    rows, seen = tee(shown)  # a measure takes faces one by one, or some at a time
    yield from zip(rows, measures(seen), strict=True)


def measured(kind: str, face: Face, values: list[float]) -> Measured:
    """A row of numbers."""
    return Measured(kind, face.clip, face.person, face.frame, face.track, values)


def parsed(kind: str, face: Face, parse: Parse) -> Parsed:
    """A row of maps."""
    return Parsed(
        kind=kind,
        clip=face.clip,
        person=face.person,
        frame=face.frame,
        track=face.track,
        labels=encode_png(parse.labels),
        face=encode_png(from_mask(parse.face)),
    )
