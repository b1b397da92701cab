"""What a clip is worth before anything is made of it, in words.

A sample of its pictures is looked at; every one is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from ..detectors import hog
from ..errors import FaceloomError
from ..media import Facts, facts, pictures, times
from ..pixels.arrays import Image
from ..pixels.sharpness import luma, sobel

SAMPLE = 16  # pictures looked at, evenly over the clip
LARGEST = 1920  # pixels that a picture's longer side is shrunk to before faces are looked for
FEW = 250  # frames: ten seconds
SMALL = 80  # pixels of height: what the detector finds without enlarging the picture
BLACK = 25.0  # mean luma of a picture
DIM, GLARING = 45.0, 225.0  # mean luma of a face
FINER = (
    "Smaller faces are found if config.yaml says, under baseline, "
    "detect: {detector: {kind: hog, upsample: 1}}"
)
BLURRED = 0.62  # of 22 real clips 0.70 to 0.83, blurred by a fiftieth of the face 0.58 to 0.66


@dataclass(frozen=True)
class Look:
    """A face in a picture: its height in pixels, its mean luma (0..255), and how crisp it is.

    Crispness: the gradient a pixel at 64 pixels by that at 32. It is one half where there is no
    detail finer than that, and does not depend on contrast, and hardly on noise.
    """

    height: float
    luma: float
    crispness: float


@dataclass(frozen=True)
class Footage:
    """A clip as it was found to be.

    luma: the mean of the sample; faces: those of each of its pictures; enlarged: how many of these
    had to be twice as large to find any.
    """

    facts: Facts
    frames: int
    seconds: float
    damaged: int
    warnings: tuple[str, ...]
    luma: float
    faces: tuple[tuple[Look, ...], ...]
    enlarged: int

    @property
    def looks(self) -> list[Look]:
        """All faces that were seen."""
        return [look for seen in self.faces for look in seen]


def footage(clip: Path) -> Footage:
    """Decode a clip and look at a sample of its pictures.

    Raises:
        FaceloomError: if it cannot be read, or nothing is in it.
    """
    known = facts(clip)
    moments = times(clip)
    wanted = set(np.linspace(0, len(moments) - 1, min(SAMPLE, len(moments))).round().astype(int))
    reading = pictures(clip)
    sample = [shrunk(each.image) for each in reading if each.frame in wanted]
    if not sample:
        raise FaceloomError(f"{clip}: not a single picture in it; copy it again")
    shrinkage = max(known.width, known.height) / max(sample[0].shape[:2])
    faces, enlarged = looked_at(sample, shrinkage)
    return Footage(
        facts=known,
        frames=len(moments),
        seconds=float(sum(moment.duration for moment in moments)),
        damaged=reading.damaged,
        warnings=tuple(reading.warnings),
        luma=float(np.mean([luma(image).mean() for image in sample])),
        faces=faces,
        enlarged=enlarged,
    )


def shrunk(image: Image) -> Image:
    """A picture no larger than is looked at."""
    height, width = image.shape[:2]
    share = LARGEST / max(height, width)
    if share >= 1:
        return image
    size = (round(width * share), round(height * share))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def looked_at(sample: list[Image], shrinkage: float) -> tuple[tuple[tuple[Look, ...], ...], int]:
    """The faces of each picture, enlarged where none is found; and how often only that helped."""
    detector, finer = (hog.make(upsample=twice, threshold=0.0) for twice in (0, 1))
    plain = [detector(image) for image in sample]
    found = [faces or finer(image) for faces, image in zip(plain, sample, strict=True)]
    looks = (
        tuple(look(image, face.box, shrinkage) for face in faces)
        for image, faces in zip(sample, found, strict=True)
    )
    return tuple(looks), sum(map(bool, found)) - sum(map(bool, plain))


def look(image: Image, box: np.ndarray, shrinkage: float) -> Look:
    """A face as it is in a picture."""
    left, top, right, bottom = (max(0, int(edge)) for edge in box)
    face = image[top : bottom + 1, left : right + 1]
    fine, coarse = (edges(face, size) for size in (64, 32))
    return Look(
        height=float(box[3] - box[1] + 1) * shrinkage,
        luma=float(luma(face).mean()),
        crispness=fine / coarse if coarse else 0.0,
    )


def edges(face: Image, size: int) -> float:
    """The mean gradient of a face at that size, in grey levels a pixel."""
    small = np.asarray(cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
    return sobel(small, np.ones((size, size), np.float32))


def faceless(seen: Footage) -> str:
    """Why nothing can be done with it; empty where there is a face."""
    if seen.looks:
        return ""
    dark = ", which are all but black" if seen.luma < BLACK else ""
    return (
        f"no face in any of {counted(len(seen.faces), 'picture')} looked at{dark}; is it the right "
        "clip, upright, with faces turned to the camera and not tiny?"
    )


def remarks(seen: Footage, people: int, use: str) -> Iterator[str]:
    """What a person should know of a clip of so many people, which is to be used so."""
    yield from about_faces(seen, people)
    yield from about_quality(seen)
    if use == "learn" and seen.frames < FEW:
        yield (
            f"few frames: {seen.frames} ({seen.seconds:.1f} s); from {FEW} and more is learnt well"
        )
    yield from about_file(seen)


def about_faces(seen: Footage, people: int) -> Iterator[str]:
    """Who is to be seen in it, and who not."""
    total = len(seen.faces)
    more = sum(len(faces) > people for faces in seen.faces)
    if more:
        yield (
            f"several people: more than {counted(people, 'face')} in {more} of {total} pictures "
            "looked at; name everybody (--person anna+ben), or cut the others off"
        )
    if people > 1 and not any(len(faces) >= people for faces in seen.faces):
        yield f"never {people} faces at once in {total} pictures looked at; are all of them in it?"
    without = sum(not faces for faces in seen.faces)
    if without:
        yield (
            f"no face in {without} of {total} pictures looked at: turned away, hidden or too small"
        )


def about_quality(seen: Footage) -> Iterator[str]:
    """What is hard to learn from."""
    if not seen.looks:
        return
    height = median(look.height for look in seen.looks)
    if height < SMALL:
        yield f"very small faces: {height:.0f} pixels high; film from nearer. {FINER}"
    elif seen.enlarged:
        few = f"{seen.enlarged} of {len(seen.faces)}"
        yield f"a face is found in {few} pictures only when they are enlarged. {FINER}"
    light = median(look.luma for look in seen.looks)
    if light < DIM:
        yield f"too dark: faces have a mean luma of {light:.0f} of 255; film with more light"
    if light > GLARING:
        yield f"too bright: faces have a mean luma of {light:.0f} of 255; film with less light"
    if height >= SMALL and median(look.crispness for look in seen.looks) < BLURRED:
        yield "blurred: faces are out of focus, moved or strongly compressed; results will be soft"


def about_file(seen: Footage) -> Iterator[str]:
    """What is odd about the file; most of it does no harm."""
    known = seen.facts
    if seen.damaged:
        yield f"damaged: {counted(seen.damaged, 'picture')} not as filmed; copy it again"
    yield from seen.warnings
    if known.rotation or known.mirrored:
        yield f"filmed turned by {known.rotation}°: it is turned upright"
    if known.variable:
        yield f"variable frame rate, {float(known.rate):.2f} a second on average: times are kept"


def counted(number: int, thing: str) -> str:
    """So many of it."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
