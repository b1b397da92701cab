"""Films of one swap side by side: the host's clip, every variant, the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from faceloom.media import Picture, pictures
from faceloom.report.comparison import Comparison
from faceloom.report.files import Files

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Panel:
    """A film and what it is called."""

    label: str
    path: Path


def panels(told: Comparison, files: Files, name: str) -> list[Panel]:
    """The films there are of a swap; variants that share a film share a panel."""
    swap = told.swaps[name]
    sharing: dict[Path, list[str]] = {}
    for variant in told.variants:
        if film := files.films.get((told.owner("blend", variant), name)):
            sharing.setdefault(film, []).append(variant)
    host = [Panel("host", files.clips[swap.clip])] if swap.clip in files.clips else []
    true = files.clips.get(swap.truth or "")
    truth = [Panel("truth", true)] if true else []
    return [*host, *(Panel(" = ".join(who), film) for film, who in sharing.items()), *truth]


def together(shown: Sequence[Panel]) -> Iterator[list[Picture]]:
    """The pictures with the same number, in step with the first film.

    A film that ends before the first one keeps showing its last picture.
    """
    last: list[Picture | None] = [None] * len(shown)
    streams = [pictures(panel.path) for panel in shown]
    for row in zip_longest(*streams):
        if row[0] is None:
            return
        last = [new or old for new, old in zip(row, last, strict=True)]
        yield [picture for picture in last if picture]


def sampled(path: Path, frames: Sequence[int], side: int) -> list[Image]:
    """The pictures with these numbers (in order), no side longer than so many pixels.

    A film that ends before gives its last picture again.
    """
    wanted, found, image = set(frames), {}, None
    for picture in pictures(path):
        image = picture.image
        if picture.frame in wanted:
            found[picture.frame] = shrunk(image, side)
        if picture.frame >= frames[-1]:
            break
    assert image is not None
    end = shrunk(image, side) if len(found) < len(wanted) else None
    return [found[frame] if frame in found else filled(end) for frame in frames]


def filled(image: Image | None) -> Image:
    """The picture that must be there."""
    assert image is not None
    return image


def shrunk(image: Image, side: int) -> Image:
    """The picture with no side longer than so many pixels."""
    times = side / max(image.shape[:2])
    if times >= 1:
        return image
    height, width = (max(1, round(length * times)) for length in image.shape[:2])
    return fitted(image, width, height)


def fitted(image: Image, width: int, height: int) -> Image:
    """The whole picture in the middle of a dark box of this size: uint8 (height, width, 3)."""
    times = min(width / image.shape[1], height / image.shape[0])
    wide, tall = max(1, round(image.shape[1] * times)), max(1, round(image.shape[0] * times))
    how = cv2.INTER_AREA if times < 1 else cv2.INTER_CUBIC
    same = (wide, tall) == (image.shape[1], image.shape[0])
    sized = image if same else np.asarray(cv2.resize(image, (wide, tall), interpolation=how))
    if (wide, tall) == (width, height):
        return sized.astype(np.uint8, copy=False)
    box = np.full((height, width, 3), 16, np.uint8)
    top, left = (height - tall) // 2, (width - wide) // 2
    box[top : top + tall, left : left + wide] = sized
    return box
