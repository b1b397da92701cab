"""blend: the new faces laid into the clip, as a film that says what it is.

The inverse of crop, through the faces' matrices.  The film keeps the clip's frames, their exact
times and its sound.  A sidecar beside it tells what it is made of.
"""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from .. import __version__
from ..blenders import AROUND
from ..errors import FaceloomError
from ..geometry.boxes import enclosing
from ..geometry.similarity import scale
from ..images import decode, from_mask, to_mask
from ..media import Film, Picture, pictures
from ..occlusion import uncovered
from ..parts import build
from ..pixels.colour import match_histogram, match_moments
from ..pixels.labels import corner, label
from ..pixels.masks import eroded
from ..pixels.warps import cut, laid_region, region
from ..rows.faces import Face
from ..rows.frames import Frame
from ..rows.parsed import Parsed
from ..settings import Blend
from ..tables import column, read, scan, whole, write_text
from ..weights import sha256

log = logging.getLogger(__name__)

MARK = "synthetic"
WIDE = {"result": 1, "side_by_side": 2, "with_mask": 3}  # pictures side by side in a layout
PLACE = {"result": 0, "side_by_side": 1, "with_mask": 1}  # of the result among them

Place = tuple[int, int, int, int]
Blender = Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray]


def blend(
    clip: Path,
    frames: Path,
    faces: Path,
    lineage: str,
    film: Path,
    sidecar: Path,
    settings: Blend,
    forebears: tuple[Path, ...] = (),
    parsed: tuple[Path, ...] = (),
) -> None:
    """Lay the new faces into the clip, and write the film with its lineage beside it.

    Args:
        clip: the clip itself.
        frames: the list of its frames.
        faces: the new faces.
        lineage: how they were made, as JSON.
        film: where the film goes.
        sidecar: where what it is made of goes, as JSON.
        settings: blender, colours, mask, layout, mark and encoder, as JSON.
        forebears: other files to be named in the sidecar: clips learnt from, and generators.
        parsed: what the hosts' crops show, where the settings want to know.
    """
    listed = read(frames, Frame)
    told = known(lineage)
    mark = marked(faces, settings)
    with whole(film) as part:
        writer = filmed(clip, listed, faces, parsed, mark, told, part, settings)
        facts = {
            "schema": 1,
            "synthetic": True,
            "made_by": f"faceloom {__version__}",
            "commit": commit(),
            "film": {"name": film.name, "sha256": sha256(part)},
            "frames": len(listed),
            "frames_with_new_face": len(set(column(faces, "frame"))),
            "layout": settings.layout,
            "region": list(shown_at(listed_size(faces), settings)),
            "mark": list(mark) if mark else None,
            "padding": list(writer.padding),
            "sound": writer.sound,
            "inputs": {
                str(path): sha256(path) for path in (clip, faces, *forebears) if path.is_file()
            },
            **told,
        }
        write_text(sidecar, json.dumps(facts, indent=2) + "\n")
    log.info("%d frames, sound %s", len(listed), writer.sound)


def filmed(
    clip: Path,
    listed: list[Frame],
    faces: Path,
    parsed: tuple[Path, ...],
    mark: Place | None,
    told: dict[str, Any],
    path: Path,
    settings: Blend,
) -> Film:
    """The film, written."""
    width, height = listed_size(faces)
    rate = Fraction(len(listed)) / sum(Fraction(f.timebase) * f.length for f in listed)
    film = Film(
        path,
        size=(WIDE[settings.layout] * width, height),
        timebase=Fraction(listed[0].timebase),
        rate=rate.limit_denominator(1001),
        sound_from=clip,
        metadata=said(told),
        crf=settings.quality,
        preset=settings.preset,
        threads=settings.threads,
    )
    blender: Blender = build(settings.by)
    badge = label(MARK, (width, height))
    with film:
        shown = tqdm(pictures(clip), clip.name, len(listed), disable=None, unit="frame")
        count = 0
        for picture, own in alongside(shown, seen(faces, parsed, settings), faces):
            result, mask = swapped(picture.image, own, blender, settings)
            page = laid_out(picture.image, result, mask, settings.layout)
            if mark:
                page[mark[1] : mark[3], mark[0] : mark[2]] = badge
            count += 1
            if count <= len(listed):
                film.add(page, listed[picture.frame].ticks, listed[picture.frame].length)
        if count != len(listed):
            raise FaceloomError(
                f"{clip}: {count} frames now, {len(listed)} when it was listed; "
                "has it been changed?"
            )
    return film


def seen(faces: Path, parsed: tuple[Path, ...], settings: Blend) -> Iterator[Face]:
    """The new faces, behind what covers them if that is wanted."""
    wanted = settings.occlusion
    if wanted is None:
        return scan(faces, Face)
    if not parsed:
        raise FaceloomError(
            "blend.occlusion: nobody has parsed the crops; give the table with --parsed"
        )
    every = (row for path in parsed for row in scan(path, Parsed))
    return uncovered(scan(faces, Face), every, wanted.covers, wanted.grow)


def alongside(
    shown: Iterable[Picture], rest: Iterator[Face], faces: Path
) -> Iterator[tuple[Picture, list[Face]]]:
    """Every picture with the new faces in it, which are of that file.

    Raises:
        FaceloomError: where a face is of no picture, or not in order of time.
    """
    ahead = next(rest, None)
    for picture in shown:
        own = []
        while ahead is not None and ahead.frame == picture.frame:
            own.append(ahead)
            ahead = next(rest, None)
        yield picture, own
    if ahead is not None:
        raise FaceloomError(
            f"{faces}: a face in frame {ahead.frame}, which the clip does not have, or which is "
            "out of its order; are both of the same clip?"
        )


def swapped(
    image: np.ndarray, faces: list[Face], blender: Blender, settings: Blend
) -> tuple[np.ndarray, np.ndarray]:
    """A frame with the new faces laid in, and where they were, both of the frame's size."""
    result = image.copy()
    where = np.zeros(image.shape[:2], np.float32)
    for face in faces:
        crop, mask = prepared(image, face, settings)
        side = crop.shape[0] / scale(face.affine)
        left, top, right, bottom = place = around(face, crop.shape[0], side)
        if right <= left or bottom <= top:
            continue
        under = result[top:bottom, left:right].astype(np.float32)
        over = laid_region(crop.astype(np.float32), face.affine, place)
        alpha = laid_region(mask, face.affine, place)
        blended = blender(over, under, alpha, side)
        result[top:bottom, left:right] = np.clip(np.rint(blended), 0, 255).astype(np.uint8)
        where[top:bottom, left:right] = np.maximum(where[top:bottom, left:right], alpha)
    return result, where


def around(face: Face, size: int, side: float) -> Place:
    """Where a face's crop lies in the frame, with as much around it as blenders are shown."""
    left, top, right, bottom = region(face.affine, size, (face.width, face.height))
    if right <= left or bottom <= top:
        return left, top, right, bottom
    more = ceil(AROUND * side)
    far = min(right + more, face.width), min(bottom + more, face.height)
    return max(left - more, 0), max(top - more, 0), *far


def prepared(image: np.ndarray, face: Face, settings: Blend) -> tuple[np.ndarray, np.ndarray]:
    """A new face in the host's colours, if that is wanted, and its mask, shrunk."""
    crop = decode(face.image)
    mask = to_mask(decode(face.mask))
    if settings.colour != "none":
        host = cut(image, face.affine, crop.shape[0])
        match = match_moments if settings.colour == "lab" else match_histogram
        crop = match(crop, host, mask, mask)
    shrunk = eroded(mask, round(settings.erode * crop.shape[0])) if settings.erode else mask
    return crop, shrunk


def laid_out(host: np.ndarray, result: np.ndarray, mask: np.ndarray, layout: str) -> np.ndarray:
    """The result alone, or beside the host's own frame, or with the mask as well."""
    grey = cv2.cvtColor(from_mask(mask), cv2.COLOR_GRAY2RGB)
    pages = {
        "result": [result],
        "side_by_side": [host, result],
        "with_mask": [host, result, grey],
    }
    return np.hstack(pages[layout])


def marked(faces: Path, settings: Blend) -> Place | None:
    """Where the label goes: the corner of the result that is farthest from all faces."""
    if settings.mark != "visible":
        return None
    width, height = listed_size(faces)
    badge = label(MARK, (width, height))
    points = np.array(column(faces, "landmarks")).reshape(-1, 68, 2)
    boxes = np.array([enclosing(each) for each in points]).reshape(-1, 4)
    left, top, right, bottom = corner((badge.shape[1], badge.shape[0]), (width, height), boxes)
    shift = shown_at((width, height), settings)[0]
    return left + shift, top, right + shift, bottom


def shown_at(size: tuple[int, int], settings: Blend) -> Place:
    """Where the result is in the film."""
    left = PLACE[settings.layout] * size[0]
    return left, 0, left + size[0], size[1]


def listed_size(faces: Path) -> tuple[int, int]:
    """Width and height of the clip's frames."""
    first = next(scan(faces, Face), None)
    if first is None:
        raise FaceloomError(
            f"{faces}: no face to lay in; nobody in the clip is who was to be replaced"
        )
    return first.width, first.height


def known(lineage: str) -> dict[str, Any]:
    """The lineage, as it is told.

    Raises:
        FaceloomError: where it is no JSON, or lacks what the film has to say of itself.
    """
    try:
        told: dict[str, Any] = json.loads(lineage)
    except json.JSONDecodeError as error:
        raise FaceloomError(f"--lineage: no JSON ({error})") from None
    if not isinstance(told, dict) or not {"swap", "consent"} <= told.keys():
        raise FaceloomError("--lineage: needs swap, with name and faces, and consent")
    return told


def said(told: dict[str, Any]) -> dict[str, str]:
    """What the container says of the film."""
    faces = ", ".join(f"{host} as {donor}" for host, donor in told["swap"]["faces"].items())
    bases = sorted(set(told["consent"].values()))
    only = "; for research on this machine only" if "research" in bases else ""
    return {
        "title": f"{told['swap']['name']} ({MARK})",
        "comment": f"{MARK}: faces swapped by Faceloom ({faces}){only}",
        "synthetic": "true",
        "consent": ", ".join(bases),
    }


def commit() -> str:
    """The commit of the working copy, with a + where something is changed, if there is one."""
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said.stdout.strip()
