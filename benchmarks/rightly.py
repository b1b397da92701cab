"""What the verbs made of a clip, held against what another reader says of the same clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import witness
from witness import Image, Told

from faceloom.geometry.boxes import enclosing
from faceloom.media import pictures
from faceloom.rows.detections import Detection
from faceloom.rows.faces import Face
from faceloom.rows.frames import Frame
from faceloom.rows.sightings import Sighting
from faceloom.tables import read

Row = TypeVar("Row")

MOMENT = 0.0015  # seconds: Matroska and FLV round to a thousandth
LEVELS = 2.0  # mean difference of two readings of a picture, of 255
# dB, of a film and its clip, after compression at constant rate factor 4; a face has been cut out
# and laid back besides, resampled twice, which takes the finest of a face of thirty pixels
FACE, REST = 30.0, 35.0
FAR = 99.0  # dB, said of pictures that are equal


@dataclass
class Found:
    """What came out, and what of it is wrong."""

    frames: int = 0
    seconds: float = 0.0
    size: tuple[int, int] = (0, 0)
    detections: int = 0
    tracks: int = 0
    crops: int = 0
    face: float = 0.0
    rest: float = 0.0
    sound: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def expect(self, good: bool, what: str) -> None:
        """Remember what is wrong, if it is."""
        if not good:
            self.wrong.append(what)


def checked(clip: Path, folder: Path, damaged: bool) -> Found:
    """What lies in the folder of a clip's results; where damage is told, pictures may differ."""
    told, found = witness.told(clip), Found()
    listed = table(folder / "frames.parquet", Frame)
    found.frames = len(listed)
    found.seconds = sum(row.duration for row in listed)
    found.detections = len(table(folder / "detections.parquet", Detection))
    found.tracks = len({row.track for row in table(folder / "sightings.parquet", Sighting)})
    faces = table(folder / "faces.parquet", Face)
    found.crops = len(faces)
    if not listed:
        found.expect(
            not told.seconds or bool(told.complaints), "refused, and the other reader reads it"
        )
        return found
    found.expect(
        len(listed) == len(told.seconds) or damaged,
        f"{len(listed)} frames, where the other reader has {len(told.seconds)}",
    )
    if len(listed) == len(told.seconds):
        timely(listed, told, found)
    read_rightly(clip, told, faces, found, damaged)
    if (folder / "film.mp4").exists():
        filmed_rightly(clip, folder / "film.mp4", told, listed, faces, found)
    return found


def table(path: Path, row: type[Row]) -> list[Row]:
    """The rows of a table; none if it is not there."""
    return read(path, row) if path.exists() else []


def timely(listed: list[Frame], told: Told, found: Found) -> None:
    """Every frame is shown when the other reader shows it, and the last stays as long."""
    off = [
        abs(row.seconds - other)
        for row, other in zip(listed, told.seconds, strict=True)
        if other is not None
    ]
    found.expect(max(off, default=0) <= MOMENT, f"a frame is {max(off, default=0):.3f} s off")
    if told.lengths[-1]:
        last = abs(listed[-1].duration - told.lengths[-1])
        found.expect(last <= MOMENT, f"the last frame's length is {last:.3f} s off")


def read_rightly(clip: Path, told: Told, faces: list[Face], found: Found, damaged: bool) -> None:
    """Pictures are of the same size, the same way up and in the same colours."""
    worst, theirs = 0.0, witness.images(told)
    for picture, other in zip_longest(pictures(clip), theirs):
        if picture is None or other is None:
            found.expect(damaged, "pictures are missing")
            break
        height, width = picture.image.shape[:2]
        found.size = width, height
        if (width, height) != told.size:
            found.expect(False, f"{width}x{height} pixels, not {told.size[0]}x{told.size[1]}")
            return
        worst = max(worst, float(np.abs(picture.image.astype(np.int16) - other).mean()))
    found.expect(damaged or worst <= LEVELS, f"a picture is off by {worst:.1f} levels")
    found.expect(
        all((face.width, face.height) == found.size for face in faces), "crops of another size"
    )


def filmed_rightly(
    clip: Path, film: Path, told: Told, listed: list[Frame], faces: list[Face], found: Found
) -> None:
    """The film is the clip again: every frame at its time, upright, in its colours, with sound."""
    made = witness.told(film)
    even = tuple(side + side % 2 for side in found.size)
    found.expect(made.size == even and made.aspect == 1, f"the film is of {made.size}")
    found.expect(len(made.seconds) == len(listed), f"{len(made.seconds)} frames in the film")
    found.expect(not made.complaints, f"of the film: {made.complaints[:1]}")
    tags = made.tags.get("color_range"), made.tags.get("color_space")
    found.expect(tags == ("tv", "bt709"), f"the film's colours are tagged {tags}")
    late = max(0.0, -listed[0].seconds)
    for row, seconds in zip(listed, made.seconds, strict=False):
        if abs(row.seconds + late - (seconds or 0)) > MOMENT:
            found.wrong.append(f"frame {row.frame} of the film at {seconds} s")
            break
    length = abs(listed[-1].duration - (made.lengths[-1] or 0))
    found.expect(length <= MOMENT, f"the film's last frame stays {made.lengths[-1]} s")
    found.face, found.rest = likeness(witness.images(made), clip, told, faces, found.frames)
    found.expect(
        found.face >= FACE and found.rest >= REST,
        f"the film is like the clip by {found.face:.1f} dB in faces, {found.rest:.1f} dB elsewhere",
    )
    heard, found.sound = witness.sounding(clip), witness.sounding(film)
    found.expect(
        abs(heard - found.sound) < 0.1, f"{found.sound:.2f} s of sound, {heard:.2f} s in the clip"
    )


def likeness(
    film: Iterator[Image], clip: Path, told: Told, faces: list[Face], frames: int
) -> tuple[float, float]:
    """PSNR of the film and the clip in dB, in the boxes of faces and elsewhere.

    The clip is seen by the other reader, or, where that counts other frames, by ours. Both are
    halved first: of colours a film keeps only as much, as every player of H.264 expects.
    """
    ours = (picture.image for picture in pictures(clip))
    theirs = witness.images(told) if len(told.seconds) == frames else ours
    inside, outside = Mean(), Mean()
    boxes: dict[int, list[np.ndarray]] = {}
    for face in faces:
        boxes.setdefault(face.frame, []).append(enclosing(face.points))
    for frame, (new, old) in enumerate(zip(film, theirs, strict=False)):
        height, width = old.shape[:2]
        square = np.square(halved(new[:height, :width]) - halved(old))
        where = np.zeros(square.shape[:2], bool)
        for box in boxes.get(frame, []):
            left, top, right, bottom = np.rint(box / 2).astype(int).clip(0)
            where[top : bottom + 1, left : right + 1] = True
        inside.add(square[where])
        outside.add(square[~where])
    return inside.decibels, outside.decibels


def halved(image: Image) -> Image:
    """The picture at half its size, float32."""
    size = max(1, image.shape[1] // 2), max(1, image.shape[0] // 2)
    small = cv2.resize(image.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


@dataclass
class Mean:
    """A mean squared error over many pictures."""

    total: float = 0.0
    number: int = 0

    def add(self, squares: np.ndarray) -> None:
        """Squared differences of one picture."""
        self.total += float(squares.sum(dtype=np.float64))
        self.number += squares.size

    @property
    def decibels(self) -> float:
        """The peak signal-to-noise ratio."""
        if not self.number or not self.total:
            return FAR
        return min(FAR, float(10 * np.log10(255**2 * self.number / self.total)))
