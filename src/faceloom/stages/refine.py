"""refine: the new faces, touched up by one refiner after the other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from ..errors import FaceloomError
from ..geometry.similarity import apply
from ..images import decode, encode_png, to_mask
from ..parts import build
from ..refiners.touched import Touched
from ..rows.faces import Face
from ..settings import Refine
from ..tables import scan, write

log = logging.getLogger(__name__)


def refine(
    swapped: Path,
    faces: Path,
    refined: Path,
    settings: Refine,
    weights: tuple[Path, ...] = (),
) -> None:
    """Touch up the new faces.

    Args:
        swapped: the new faces.
        faces: the faces that were there.
        refined: where the touched up faces go.
        settings: the refiners, one after the other, as JSON.
        weights: the files of weights that they need.
    """
    touched = looked_at(swapped, faces)
    for part in settings.by:
        touched = build(part, weights)(touched)
    rows = (
        replace(face, image=encode_png(each.image))
        for face, each in zip(
            scan(swapped, Face), tqdm(touched, swapped.stem, disable=None, unit="face"), strict=True
        )
    )
    log.info("%d faces", write(refined, rows, Face))


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
