"""unpack: from a table of faces to pictures in a folder or a zip, for people and other tools.

Beside the pictures lies faces.tsv, so that pack can make the same table of them again, the
pictures changed or not.  Masks are in a folder of their own: a zip of crops is a clip like any.
"""

from __future__ import annotations

import csv
import io
import logging
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ..errors import FaceloomError
from ..rows.faces import Face
from ..tables import scan, whole

log = logging.getLogger(__name__)

LIST = "faces.tsv"
COLUMNS = (
    "picture", "mask", "clip", "person", "frame", "track", "bridged", "width", "height",
    "landmarks", "matrix",
)  # fmt: skip


def unpack(faces: Path, out: Path) -> None:
    """Write the crops of a table as PNGs, with their facts beside them.

    Args:
        faces: a table of faces.
        out: a folder that is not there yet, or a file that ends in .zip.
    """
    if out.exists():
        raise FaceloomError(f"{out}: there already; choose another name or remove it")
    count = 0
    with whole(out) as part:
        if out.suffix == ".zip":
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
                for name, data in files(faces):
                    archive.writestr(name, data)
                    count += 1
        else:
            try:
                for name, data in files(faces):
                    (part / name).parent.mkdir(parents=True, exist_ok=True)
                    (part / name).write_bytes(data)
                    count += 1
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
    log.info("%d faces", count // 2)


def files(faces: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's name and bytes: pictures, masks, and at last the list of them."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter="\t", lineterminator="\n")
    rows.writerow(COLUMNS)
    for face in scan(faces, Face):
        name = f"{face.clip}-{face.frame:06d}-{face.track}.png"
        yield name, face.image
        yield f"masks/{name}", face.mask
        rows.writerow([
            name, f"masks/{name}", face.clip, face.person, face.frame, face.track,
            int(face.bridged), face.width, face.height,
            " ".join(map(repr, face.landmarks)), " ".join(map(repr, face.matrix)),
        ])  # fmt: skip
    yield LIST, text.getvalue().encode()
