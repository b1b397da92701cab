"""Many pictures on one page."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.pixels.arrays import Image

_PAPER, _INK = (250, 250, 250), (30, 30, 30)
_GAP = 4
_CAPTION = 18  # height of a caption's line
_FONT, _FONT_SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.4

Page = NDArray[np.uint8]


def sheet(
    images: Sequence[Image],
    columns: int,
    cell: int,
    captions: Sequence[str] | None = None,
) -> Page:
    """A contact sheet, uint8: rows of pictures, each whole in a square of `cell` pixels.

    Args:
        images: of any sizes, at least one.
        columns: pictures in a row.
        cell: side of a picture's square.
        captions: one for each picture, below it; cut off where too long.
    """
    words = list(captions) if captions is not None else []
    if captions is not None and len(words) != len(images):
        raise ValueError(f"{len(images)} images, but {len(words)} captions")
    tall = cell + (_CAPTION if words else 0)
    rows = -(-len(images) // columns)
    page = _paper(rows * (tall + _GAP) + _GAP, columns * (cell + _GAP) + _GAP)
    for number, image in enumerate(images):
        row, column = divmod(number, columns)
        top, left = _GAP + row * (tall + _GAP), _GAP + column * (cell + _GAP)
        page[top : top + cell, left : left + cell] = _boxed(image, cell)
        if words:
            below = page[top + cell : top + tall, left : left + cell]
            below[:] = _written(words[number], cell)
    return page


def strip(images: Sequence[Image]) -> Page:
    """Pictures side by side, uint8, all as high as the first."""
    height = images[0].shape[0]
    same = [
        _sized(image, max(1, round(image.shape[1] * height / image.shape[0])), height)
        for image in images
    ]
    return np.hstack(same)


def _paper(height: int, width: int) -> Page:
    return np.full((height, width, 3), _PAPER, np.uint8)


def _boxed(image: Image, cell: int) -> Page:
    """The whole image in the middle of a square."""
    times = cell / max(image.shape[:2])
    height, width = (max(1, round(side * times)) for side in image.shape[:2])
    top, left = (cell - height) // 2, (cell - width) // 2
    square = _paper(cell, cell)
    square[top : top + height, left : left + width] = _sized(image, width, height)
    return square


def _sized(image: Image, width: int, height: int) -> Page:
    shown = np.rint(np.clip(image, 0, 255)).astype(np.uint8)
    if shown.ndim == 2:
        shown = np.repeat(shown[..., None], 3, axis=2)
    if shown.shape[:2] == (height, width):
        return np.asarray(shown, np.uint8)
    how = cv2.INTER_AREA if height < shown.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(shown, (width, height), interpolation=how), np.uint8)


def _written(words: str, width: int) -> Page:
    while words and cv2.getTextSize(words, _FONT, _FONT_SIZE, 1)[0][0] > width - 4:
        words = words[:-1]
    line = _paper(_CAPTION, width)
    cv2.putText(line, words, (2, _CAPTION - 6), _FONT, _FONT_SIZE, _INK, 1, cv2.LINE_AA)
    return line
