"""Clips that are pictures: in a folder, in a zip, alone, or in one animated picture."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

import numpy as np

from faceloom import images
from faceloom.errors import FaceloomError
from faceloom.media.pictures import Image, Notes, Shot

SUFFIXES = {
    ".png", ".jpg", ".jpeg", ".jpe", ".webp", ".avif", ".bmp", ".dib", ".tif", ".tiff", ".gif",
    ".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".tga",
}  # fmt: skip
MILLISECONDS = Fraction(1, 1000)


@dataclass(frozen=True)
class Member:
    """One picture of many: what to call it, and how to open it."""

    name: str
    open: Callable[[], BinaryIO]

    def read(self) -> Image:
        """Its pixels, as `images.open_picture` gives them."""
        with self.open() as file:
            return images.read_picture(file, self.name)


def natural(name: str) -> tuple[list[str | int], str]:
    """A key that sorts img2 before img10."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [int(part) if at % 2 else part for at, part in enumerate(parts)], name


def is_picture(name: str) -> bool:
    """Whether a file's name is that of a picture, and not of a hidden one."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and PurePosixPath(name).suffix.lower() in SUFFIXES


def in_folder(folder: Path) -> list[Member]:
    """The pictures of a folder, in natural order; what lies in folders inside is left out."""
    names = sorted((p.name for p in folder.iterdir() if is_picture(p.name)), key=natural)
    if not names:
        raise FaceloomError(
            f"{folder}: no pictures in this folder; name a folder of PNG or JPEG files, or a video"
        )
    paths = [folder / name for name in names]
    return [Member(str(path), partial(open_file, path)) for path in paths]


def open_file(path: Path) -> BinaryIO:
    """That file, open for reading."""
    return path.open("rb")


def in_zip(path: Path) -> list[Member]:
    """The pictures of a zip in natural order: those of its topmost folders that hold any.

    The zip is looked through once: it stays open as long as its members are there.
    """
    try:
        archive = ZipFile(path)
        found = sorted(filter(is_picture, archive.namelist()), key=natural)
    except (BadZipFile, OSError) as error:
        raise FaceloomError(f"{path}: a damaged zip ({error}); copy it again") from None
    if not found:
        raise FaceloomError(f"{path}: no pictures in this zip; put PNG or JPEG files in it")
    top = min(name.count("/") for name in found)
    names = [name for name in found if name.count("/") == top]
    return [Member(f"{path}: {name}", partial(from_zip, archive, name)) for name in names]


def from_zip(archive: ZipFile, name: str) -> BinaryIO:
    """That member of a zip, unpacked into memory."""
    path = archive.filename
    try:
        return BytesIO(archive.read(name))
    except RuntimeError:
        raise FaceloomError(f"{path}: a zip with a password; unpack it first") from None
    except (BadZipFile, OSError, EOFError, NotImplementedError, zlib.error) as error:
        raise FaceloomError(f"{path}: {name} is damaged ({error}); zip it again") from None


def alone(path: Path) -> list[Member]:
    """The one picture in a file."""
    return [Member(str(path), partial(open_file, path))]


def shots(members: list[Member], rate: Fraction, notes: Notes) -> Iterator[Shot]:
    """One picture after another at a steady rate.

    Raises:
        FaceloomError: when one is looked at that has another size than the first.
    """
    note_gaps(members, notes)
    frame = Frame()
    for ticks, member in enumerate(members):
        yield Shot(ticks, 1, 1 / rate, True, partial(frame.fit, member))


@dataclass
class Frame:
    """The size that all pictures of a clip must have: that of the first one looked at."""

    shape: tuple[int, ...] | None = None

    def fit(self, member: Member) -> Image:
        """The member's pixels, if they are of that size."""
        image = member.read()
        self.shape = self.shape or image.shape
        if image.shape != self.shape:
            raise FaceloomError(
                f"{member.name}: {across(image.shape)} pixels, where the first picture has "
                f"{across(self.shape)}; bring all pictures to one size"
            )
        return image


def across(shape: tuple[int, ...]) -> str:
    """A size for people: width x height."""
    return f"{shape[1]}x{shape[0]}"


def note_gaps(members: list[Member], notes: Notes) -> None:
    """Warn where pictures numbered one by one miss some."""
    found = [re.search(r"([0-9]+)\D*$", PurePosixPath(member.name).name) for member in members]
    numbers = [int(match.group(1)) for match in found if match]
    if len(numbers) < len(members):
        return
    steps = [later - earlier for earlier, later in zip(numbers, numbers[1:], strict=False)]
    gaps = [at for at, step in enumerate(steps) if step > 1]
    if gaps and steps.count(1) > len(steps) / 2:
        where = PurePosixPath(members[gaps[0]].name).name
        missing = sum(steps[at] - 1 for at in gaps)
        notes.warn(f"{missing} numbers are missing, the first after {where}; shown without a pause")


def animation(path: Path, notes: Notes) -> Iterator[Shot]:
    """The frames of an animated WebP, PNG or AVIF, each for as long as it says.

    As browsers do, a frame of 10 ms or less stays for 100 ms.
    """
    ticks = 0
    with path.open("rb") as file, images.opened(file, str(path)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            try:
                image.seek(number)
                pixels = images.rgb(image, str(path))
            except (FaceloomError, *images.DAMAGE):
                if number == 0:
                    raise
                notes.damaged += 1
                notes.warn(f"damaged or cut off after {number} pictures; copy it again")
                return
            told = round(image.info.get("duration", 0))
            length = told if told > 10 else 100
            yield Shot(ticks, length, MILLISECONDS, number == 0, partial(np.copy, pixels))
            ticks += length
