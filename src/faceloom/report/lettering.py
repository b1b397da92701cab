"""Words in pictures, in a typeface that comes with matplotlib and is the same everywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

Image = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, size)


def lettered(
    words: str,
    *,
    width: int,
    height: int,
    size: int,
    ink: Colour,
    paper: Colour,
    bold: bool = False,
    centred: bool = True,
) -> Image:
    """Words in a box, made smaller and then cut until they fit: RGB (height, width, 3)."""
    letters = font(size, bold)
    while letters.size > 9 and letters.getlength(words) > width - 8:
        letters = font(int(letters.size) - 1, bold)
    if letters.getlength(words) > width - 8:
        while words and letters.getlength(f"{words}…") > width - 8:
            words = words[:-1]
        words = f"{words}…"
    page = Pillow.new("RGB", (width, height), paper)
    at, anchor = (width / 2 if centred else 4.0, height / 2), "mm" if centred else "lm"
    ImageDraw.Draw(page).text(at, words, fill=ink, font=letters, anchor=anchor)
    return np.asarray(page)
