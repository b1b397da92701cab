"""Contact sheets: moments of a swap side by side, by everybody who made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from faceloom.report.lettering import lettered
from faceloom.report.panels import Image, fitted

COLUMNS = 8
SMALL = 320  # pixels: frames no larger are shown whole
CHANGED = 20  # grey levels: more than encoding a film again changes
GENEROUS = 1.7  # a cut-out's side, in units of the changed region's
CELL, GAP, NAMES, HEAD, FOOT = 136, 4, 150, 24, 26  # pixels
PAPER, INK, FAINT = (255, 255, 255), (28, 36, 48), (96, 104, 116)
NOTE = "Synthetic: the faces of the variants are not those of the people who were filmed."


@dataclass(frozen=True)
class Square:
    """A cut-out: its centre and its side, in pixels of the frame."""

    x: float
    y: float
    side: int

    def cut(self, image: Image) -> Image:
        """What the square shows, moved inside the frame."""
        height, width = image.shape[:2]
        side = min(self.side, height, width)
        left = int(np.clip(round(self.x - side / 2), 0, width - side))
        top = int(np.clip(round(self.y - side / 2), 0, height - side))
        return image[top : top + side, left : left + side]


def spaced(count: int, columns: int = COLUMNS) -> list[int]:
    """Numbers of frames, evenly spaced over a clip, none twice."""
    middles = (np.arange(columns) + 0.5) * count / columns
    return sorted({int(middle) for middle in middles})


def sheet(rows: Mapping[str, Sequence[Image]], heads: Sequence[str], host: str = "host") -> Image:
    """The rows under each other, cut out generously round the face.

    Args:
        rows: for each film its pictures at the same moments, RGB uint8.
        heads: what is written over the columns.
        host: the row of the clip in which nothing is swapped: where others differ, is the face.
    """
    swapped = [images for name, images in rows.items() if name != host]
    where = squares(rows[host], swapped) if host in rows else None
    page = paper(len(rows), len(heads))
    for column, words in enumerate(heads):
        left, _ = place(0, column)
        page[:HEAD, left : left + CELL] = caption(words, CELL, HEAD, faint=True)
    for row, (name, images) in enumerate(rows.items()):
        _, top = place(row, 0)
        page[top : top + CELL, GAP:NAMES] = caption(name, NAMES - GAP, CELL)
        for column, image in enumerate(images):
            left, _ = place(row, column)
            alike = where and image.shape == rows[host][column].shape
            part = where[column].cut(image) if where and alike else image
            page[top : top + CELL, left : left + CELL] = on_paper(part)
    foot = caption(NOTE, page.shape[1] - NAMES - GAP, FOOT, faint=True, centred=False)
    page[-FOOT:, NAMES + GAP :] = foot
    return page


def paper(rows: int, columns: int) -> Image:
    """An empty page for so many rows and columns."""
    left, top = place(rows, columns)
    return np.full((top + FOOT, left, 3), PAPER, np.uint8)


def place(row: int, column: int) -> tuple[int, int]:
    """Left and top of a cell."""
    return NAMES + GAP + column * (CELL + GAP), HEAD + row * (CELL + GAP)


def caption(
    words: str, width: int, height: int, faint: bool = False, centred: bool = True
) -> Image:
    """Words on paper; names are bold, notes are faint."""
    return lettered(
        words,
        width=width,
        height=height,
        size=12 if faint else 14,
        ink=FAINT if faint else INK,
        paper=PAPER,
        bold=not faint,
        centred=centred,
    )


def on_paper(image: Image) -> Image:
    """The picture in a cell."""
    box = fitted(image, CELL, CELL)
    if image.shape[0] != image.shape[1]:
        wide, tall = inside(image)
        top, left = (CELL - tall) // 2, (CELL - wide) // 2
        page = np.full_like(box, PAPER[0])
        page[top : top + tall, left : left + wide] = box[top : top + tall, left : left + wide]
        return page
    return box


def inside(image: Image) -> tuple[int, int]:
    """Width and height of the picture in a cell."""
    times = min(CELL / image.shape[1], CELL / image.shape[0])
    return max(1, round(image.shape[1] * times)), max(1, round(image.shape[0] * times))


def squares(hosts: Sequence[Image], films: Sequence[Sequence[Image]]) -> list[Square] | None:
    """Where the face is in each column, all cut-outs of one size; None to show whole frames."""
    height, width = hosts[0].shape[:2]
    if not films or max(height, width) <= SMALL:
        return None
    found = [changed(host, [film[at] for film in films]) for at, host in enumerate(hosts)]
    sizes = [max(box[2] - box[0], box[3] - box[1]) for box in found if box]
    side = round(GENEROUS * max(sizes)) if sizes else 0
    if not sizes or side >= min(height, width):
        return None
    first = next(box for box in found if box)
    squares, last = [], first
    for box in found:
        last = box or last
        squares.append(Square((last[0] + last[2]) / 2, (last[1] + last[3]) / 2, side))
    return squares


def changed(host: Image, films: Sequence[Image]) -> tuple[int, int, int, int] | None:
    """The box round what differs from the host, without the mark that a film has in its corner.

    Two people may be swapped in one clip, so all regions of the largest one's order are in it.
    """
    same = [film for film in films if film.shape == host.shape]
    if not same:
        return None
    away = np.max([cv2.absdiff(host, film).max(axis=2) for film in same], axis=0)
    reach = max(3, host.shape[0] // 40)  # joins what is near: a face changes in patches
    mask = cv2.dilate((cv2.blur(away, (5, 5)) > CHANGED).astype(np.uint8), np.ones((reach, reach)))
    _, _, regions, _ = cv2.connectedComponentsWithStats(mask)
    left, top, wide, tall, area = regions[1:].T  # the first one is all that is the same
    right, bottom = left + wide, top + tall
    height, width = mask.shape
    cornered = ((left == 0) | (right == width)) & ((top == 0) | (bottom == height))
    if cornered.all():
        return None
    large = ~cornered & (area >= area[~cornered].max() / 4)
    return (
        int(left[large].min()),
        int(top[large].min()),
        int(right[large].max()),
        int(bottom[large].max()),
    )
