"""crop: from frames to the faces cut out of them, with the mask of what is to be swapped."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..errors import FaceloomError
from ..geometry.landmarks import aligned, boxed
from ..geometry.similarity import apply
from ..images import encode_png, from_mask
from ..media import pictures
from ..pixels.masks import hull
from ..pixels.warps import cut
from ..rows.faces import Face
from ..rows.sightings import Sighting
from ..settings import Crop
from ..tables import read, write

log = logging.getLogger(__name__)


def crop(clip: Path, sightings: Path, name: str, people: str, faces: Path, settings: Crop) -> None:
    """Cut the followed faces out of a clip.

    Args:
        clip: the clip itself.
        sightings: the followed faces.
        name: the clip's name, which the faces bear.
        people: who is in the clip, joined by +.
        faces: where the faces go.
        settings: which kind of crop, how large, and how far the mask reaches, as JSON.
    """
    seen = read(sightings, Sighting)
    if not seen:
        raise FaceloomError(
            f"{clip}: no face in any frame; is it the right clip? "
            "detect.detector with upsample: 1 finds smaller faces, mmod finds turned ones"
        )
    count = write(faces, cut_out(clip, seen, name, people, settings), Face)
    log.info("%d faces, %d of them bridged", count, sum(face.bridged for face in seen))


def cut_out(
    clip: Path, seen: list[Sighting], name: str, people: str, settings: Crop
) -> Iterator[Face]:
    """A row for each followed face."""
    frames: dict[int, list[Sighting]] = {}
    for face in seen:
        frames.setdefault(face.frame, []).append(face)
    last = max(frames)
    for picture in tqdm(pictures(clip), clip.name, last + 1, disable=None, unit="frame"):
        for face in frames.get(picture.frame, ()):
            points = np.array(face.landmarks, float).reshape(68, 2)
            matrix = framing(face, points, settings)
            mask = hull(apply(matrix, points), (settings.size, settings.size), settings.forehead)
            height, width = picture.image.shape[:2]
            yield Face(
                clip=name,
                person=people,
                frame=face.frame,
                track=face.track,
                bridged=face.bridged,
                width=width,
                height=height,
                landmarks=face.landmarks,
                matrix=matrix.ravel().tolist(),
                mask=encode_png(from_mask(mask)),
                image=encode_png(cut(picture.image, matrix, settings.size)),
            )
        if picture.frame == last:
            return
    raise FaceloomError(
        f"{clip}: it ends before frame {last}, where a face was found; has it been changed?"
    )


def framing(face: Sighting, points: np.ndarray, settings: Crop) -> np.ndarray:
    """The map from frame to crop, by landmarks or by the box as it is."""
    if settings.kind == "aligned":
        return aligned(points, settings.size, settings.coverage)
    return boxed(np.array(face.box), settings.size, settings.coverage)
