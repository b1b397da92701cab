"""refine: the new faces, touched up by one refiner after the other.

What a slow refiner has made of each face is kept beside the output until it is through: a job that
was broken off goes on where it was.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from time import process_time

from tqdm import tqdm

from .. import maps as semantics
from ..errors import FaceloomError
from ..geometry.similarity import apply
from ..images import decode, encode_png, to_mask
from ..kept import kept
from ..marks import mark
from ..parts import build
from ..refiners.touched import Touched
from ..rows.faces import Face
from ..rows.parsed import Parsed
from ..settings import Refine
from ..sources import digest
from ..tables import own_folder, scan, write, write_text

log = logging.getLogger(__name__)


def refine(
    swapped: Path,
    faces: Path,
    refined: Path,
    settings: Refine,
    seconds: Path | None = None,
    weights: tuple[Path, ...] = (),
    parsed: tuple[Path, ...] = (),
    painted: tuple[Path, ...] = (),
    decoders: tuple[Path, ...] = (),
) -> None:
    """Touch up the new faces.

    Args:
        swapped: the new faces.
        faces: the faces that were there.
        refined: where the touched up faces go.
        settings: the refiners, one after the other, as JSON.
        seconds: where what they took goes, as JSON.
        weights: the files of weights that they need.
        parsed: what the hosts' crops show, where a refiner wants to know.
        painted: the same as a person has painted it, a map for each frame of the clip; it counts
            more.
        decoders: what `decoder` has taught, where a refiner needs any.
    """
    touched = shown(looked_at(swapped, faces), swapped, parsed, painted)
    folder = refined.with_suffix(".faces")
    if slow := [number for number, part in enumerate(settings.by) if part.slow]:
        own_folder(
            folder, fingerprint([swapped, faces, *weights, *parsed, *painted, *decoders], settings)
        )
    watches = [Watch() for _ in settings.by]
    for number, (part, watch) in enumerate(zip(settings.by, watches, strict=True)):
        touched = watch.outside(touched)
        one = build(part, weights, **({"decoders": decoders} if part.decoders else {}))
        touched = kept(one, touched, folder / str(number)) if number in slow else one(touched)
        touched = watch.inside(touched)
    rows = (
        replace(face, image=encode_png(each.image))
        for face, each in zip(
            scan(swapped, Face), tqdm(touched, swapped.stem, disable=None, unit="face"), strict=True
        )
    )
    count = write(refined, rows, Face)
    if seconds:
        spent = [round(watch.spent, 3) for watch in watches]
        made = max((watch.made for watch in watches), default=count)
        write_text(seconds, json.dumps({"faces": made, "seconds": spent}) + "\n")
    log.info("%d faces", count)
    shutil.rmtree(folder, ignore_errors=True)


class Watch:
    """Processor time of one refiner, without what it waits for."""

    def __init__(self) -> None:
        """At zero."""
        self.spent, self.made = 0.0, 0

    def inside(self, faces: Iterator[Touched]) -> Iterator[Touched]:
        """Faces from the refiner, the time until each is there added."""
        while True:
            begun = process_time()
            face = next(faces, None)
            self.spent += process_time() - begun
            if face is None:
                return
            yield face

    def outside(self, faces: Iterator[Touched]) -> Iterator[Touched]:
        """Faces to the refiner, the time until each is there taken off."""
        while True:
            begun = process_time()
            face = next(faces, None)
            self.spent -= process_time() - begun
            if face is None:
                return
            self.made += face.done is None
            yield face


def fingerprint(inputs: Iterable[Path], settings: Refine) -> str:
    """What refined faces depend on: settings, code, and the faces themselves."""
    code = digest("faceloom.stages.refine", *(part.module for part in settings.parts()))
    return mark([settings.model_dump_json(), code], inputs)


def shown(
    touched: Iterator[Touched], swapped: Path, parsed: tuple[Path, ...], painted: tuple[Path, ...]
) -> Iterator[Touched]:
    """The new faces, each with the map of its host, which is its own as well, if there is one."""
    if not parsed and not painted:
        return touched
    if painted:
        maps = semantics.painted(scan(swapped, Face), painted[0])
    else:
        every = (row for path in parsed for row in scan(path, Parsed))
        maps = semantics.parsed(scan(swapped, Face), every)
    return (
        replace(face, maps=(found, found), painted=bool(painted))
        for face, found in zip(touched, maps, strict=True)
    )


def looked_at(swapped: Path, faces: Path) -> Iterator[Touched]:
    """The new faces in order of time, each with the one that was there.

    Raises:
        FaceloomError: where there was none.
    """
    before = scan(faces, Face)
    for face in scan(swapped, Face):
        host = next((each for each in before if each.key == face.key), None)
        if host is None:
            raise FaceloomError(
                f"{swapped}: the face of track {face.track} in frame {face.frame} of {face.clip} "
                f"has none in {faces} whose place it takes; are both of the same clip?"
            )
        yield Touched(
            track=face.track,
            frame=face.frame,
            image=decode(face.image),
            host=decode(host.image),
            mask=to_mask(decode(face.mask)),
            points=apply(face.affine, face.points),
        )
