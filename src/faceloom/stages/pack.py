"""pack: from a folder or zip of ready-cropped faces to a table of them.

What unpack has written becomes the same table again, its pictures changed or not.  Bare crops
are looked at: each gets the landmarks of its largest face, and one without a face is left out.
"""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..detectors import hog
from ..errors import FaceloomError
from ..images import decode, encode_png, from_mask
from ..landmarkers import points68
from ..media import pictures
from ..pixels.masks import hull
from ..rows.faces import Face
from ..tables import write

log = logging.getLogger(__name__)

LIST = "faces.tsv"
SAME = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]  # a crop that is a frame of its own
FOREHEAD = 0.35


def pack(
    crops: Path, faces: Path, person: str = "", name: str = "", weights: tuple[Path, ...] = ()
) -> None:
    """Make a table of faces from a folder or zip of crops.

    Args:
        crops: a folder or a zip of pictures.
        faces: where the table goes.
        person: who is on them, where no faces.tsv says so.
        name: what to call the clip, where no faces.tsv says so; the folder's name if empty.
        weights: the 68-point predictor, where there is no faces.tsv.
    """
    listed = listing(crops)
    rows = again(crops, listed) if listed else afresh(crops, person, name or crops.stem, weights)
    log.info("%d faces", write(faces, rows, Face))


def listing(crops: Path) -> list[dict[str, str]]:
    """What faces.tsv says, if it is there."""
    try:
        text = opened(crops, LIST).decode()
    except (KeyError, FileNotFoundError):
        return []
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def opened(crops: Path, name: str) -> bytes:
    """A file of the folder or zip."""
    if crops.is_dir():
        return (crops / name).read_bytes()
    with zipfile.ZipFile(crops) as archive:
        return archive.read(name)


def again(crops: Path, listed: list[dict[str, str]]) -> Iterator[Face]:
    """The faces that unpack has listed; pictures that were removed since are left out."""
    for said in listed:
        try:
            image, mask = opened(crops, said["picture"]), opened(crops, said["mask"])
        except (KeyError, FileNotFoundError):
            log.info("%s is gone, left out", said.get("picture"))
            continue
        yield Face(
            clip=said["clip"],
            person=said["person"],
            frame=int(said["frame"]),
            track=int(said["track"]),
            bridged=said["bridged"] == "1",
            width=int(said["width"]),
            height=int(said["height"]),
            landmarks=[float(word) for word in said["landmarks"].split()],
            matrix=[float(word) for word in said["matrix"].split()],
            mask=mask,
            image=encode_png(decode(image)),
        )


def afresh(crops: Path, person: str, name: str, weights: tuple[Path, ...]) -> Iterator[Face]:
    """Bare crops, each with the landmarks of its largest face."""
    if not person:
        raise FaceloomError(f"{crops}: no {LIST} in it; say who is on them with --person")
    detector = hog.make(upsample=1, threshold=0.0)
    landmarker = points68.make(finer=4, weights=weights)
    for picture in pictures(crops):
        found = detector(picture.image)
        if not found:
            log.info("picture %d has no face, left out", picture.frame)
            continue
        box = max((each.box for each in found), key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
        points = landmarker(picture.image, np.array([box]))[0]
        height, width = picture.image.shape[:2]
        yield Face(
            clip=name,
            person=person,
            frame=picture.frame,
            track=0,
            bridged=False,
            width=width,
            height=height,
            landmarks=points.ravel().tolist(),
            matrix=SAME,
            mask=encode_png(from_mask(hull(points, (width, height), FOREHEAD))),
            image=encode_png(picture.image),
        )
