"""pack: from a folder or zip of ready-cropped faces to a table of them.

What unpack has written becomes the same table again, its pictures changed or not.  Bare crops
are looked at: each gets the landmarks of its largest face, and one without a face is left out.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np

from ..errors import FaceloomError
from ..images import encode_png, from_mask, read_picture
from ..media import pictures
from ..parts import build
from ..pixels.masks import hull
from ..rows.faces import Face
from ..settings import Detect, Hog
from ..tables import write

log = logging.getLogger(__name__)

LIST = "faces.tsv"
COLUMNS = (
    "picture", "mask", "clip", "person", "frame", "track", "bridged", "width", "height",
    "landmarks", "matrix",
)  # fmt: skip
CROPS = Detect(detector=Hog(upsample=1))
SAME = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]  # a crop that is a frame of its own
FOREHEAD = 0.35

Content = Callable[[str], bytes | None]  # of a file, by its name; None where it is gone


def pack(
    crops: Path,
    faces: Path,
    person: str = "",
    name: str = "",
    weights: tuple[Path, ...] = (),
    settings: Detect = CROPS,
) -> None:
    """Make a table of faces from a folder or zip of crops.

    Args:
        crops: a folder or a zip of pictures.
        faces: where the table goes.
        person: who is on them, where no faces.tsv says so.
        name: what to call the clip, where no faces.tsv says so; the folder's name if empty.
        weights: the files of weights that detector and landmarks need, where there is no faces.tsv.
        settings: which detector and which landmarks, as JSON, where there is no faces.tsv.
    """
    with opened(crops) as content:
        listed = content(LIST)
        if listed is None:
            rows = afresh(crops, person, name or crops.stem, weights, settings)
        else:
            rows = again(crops, content, listing(crops, listed))
        log.info("%d faces", write(faces, rows, Face))


@contextmanager
def opened(crops: Path) -> Iterator[Content]:
    """What reads the files of a folder or zip.

    Raises:
        FaceloomError: where it is neither.
    """
    if crops.is_dir():
        yield lambda name: (crops / name).read_bytes() if (crops / name).is_file() else None
        return
    try:
        archive = ZipFile(crops)
    except FileNotFoundError:
        raise FaceloomError(f"{crops}: there is no such folder or zip; check the name") from None
    except BadZipFile:
        raise FaceloomError(f"{crops}: neither a folder nor a zip; name one of these") from None
    with archive:
        names = set(archive.namelist())
        yield lambda name: archive.read(name) if name in names else None


def listing(crops: Path, listed: bytes) -> list[dict[str, str]]:
    """What faces.tsv says.

    Raises:
        FaceloomError: where it lacks a column.
    """
    rows = csv.DictReader(io.StringIO(listed.decode("utf-8-sig")), delimiter="\t")
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise FaceloomError(
            f"{crops}/{LIST}: no column {', '.join(missing)}; columns are separated by tabs"
        )
    return list(rows)


def again(crops: Path, content: Content, listed: list[dict[str, str]]) -> Iterator[Face]:
    """The faces that unpack has listed; those whose pictures were removed since are left out.

    Raises:
        FaceloomError: where a line of the list cannot be understood.
    """
    for said in listed:
        files = {name: content(name) for name in (said["picture"], said["mask"])}
        if gone := [name for name, data in files.items() if data is None]:
            log.info("%s is gone, left out", " and ".join(gone))
            continue
        image, mask = pictured(crops, {name: data or b"" for name, data in files.items()})
        try:
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
                mask=encode_png(mask),
                image=encode_png(image),
            )
        except ValueError as error:
            raise FaceloomError(f"{crops}/{LIST}: {said['picture']}: {error}") from None


def pictured(crops: Path, files: dict[str, bytes]) -> tuple[np.ndarray, np.ndarray]:
    """A face's picture in RGB and its mask in grey, from two files.

    Raises:
        FaceloomError: where they are no pictures, or not of one size.
    """
    image, mask = (
        read_picture(io.BytesIO(data), f"{crops}/{name}") for name, data in files.items()
    )
    if image.shape != mask.shape:
        name = next(iter(files))
        raise FaceloomError(
            f"{crops}/{name}: {across(image)} pixels, its mask {across(mask)}; "
            "bring it back to that size"
        )
    return image, np.ascontiguousarray(mask[..., 0])


def across(image: np.ndarray) -> str:
    """A picture's size for people: width x height."""
    return f"{image.shape[1]}x{image.shape[0]}"


def afresh(
    crops: Path, person: str, name: str, weights: tuple[Path, ...], settings: Detect
) -> Iterator[Face]:
    """Bare crops, each with the landmarks of its largest face.

    Raises:
        FaceloomError: where it is not said who is on them, or they are no crops of faces.
    """
    if not person:
        raise FaceloomError(f"{crops}: no {LIST} in it; say who is on them with --person")
    detector = build(settings.detector, weights)
    landmarker = build(settings.landmarks, weights)
    count = 0
    for picture in pictures(crops):
        height, width = picture.image.shape[:2]
        if width != height:
            raise FaceloomError(
                f"{crops}: pictures of {across(picture.image)} pixels, but a crop is square; "
                "cut them so, or take them as a clip whose faces are cut out"
            )
        found = detector(picture.image)
        if not found:
            log.info("picture %d has no face, left out", picture.frame)
            continue
        box = max((each.box for each in found), key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
        points = landmarker(picture.image, np.array([box]))[0]
        count += 1
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
    if not count:
        raise FaceloomError(f"{crops}: no face in any picture; are these crops of faces?")
