"""A film of films: all variants of a swap side by side, in step, with their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
from moviepy import VideoClip

from faceloom.media import facts, times
from faceloom.media.pictures import Moment
from faceloom.report.lettering import lettered
from faceloom.report.panels import Image, Panel, fitted, together

WIDEST = 1280  # pixels, of the whole film
ONE_ROW = 5  # panels; more are wrapped
ROW = 6  # panels at most in a row
NARROWEST = 160  # pixels of a panel, for its name must be readable
CAPTION, GAP = 28, 4  # pixels
SYNTHETIC = "synthetic: the faces in this film are not those of the people who were filmed"
PAPER, INK = (16, 20, 26), (236, 239, 244)
FIXED = [
    *("-f", "mp4", "-crf", "21"),
    *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"),
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    *("-color_range", "tv", "-movflags", "+faststart", "-bitexact"),
    *("-metadata", f"comment={SYNTHETIC}"),
]


@dataclass(frozen=True)
class Grid:
    """Where the panels are: each `width` x `height`, under a caption."""

    columns: int
    rows: int
    width: int
    height: int

    @classmethod
    def of(cls, count: int, width: int, height: int) -> Grid:
        """The arrangement of so many films of this size; all lengths are even."""
        columns = count if count <= ONE_ROW else min(ROW, ceil(count / 2))
        most = (WIDEST - GAP * (columns + 1)) // columns
        wide = min(most, max(width, NARROWEST)) // 2 * 2
        return cls(
            columns, ceil(count / columns), wide, max(2, round(wide * height / width / 2) * 2)
        )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole."""
        return (
            self.columns * (self.width + GAP) + GAP,
            self.rows * (self.height + CAPTION + GAP) + GAP,
        )

    def corner(self, number: int) -> tuple[int, int]:
        """Left and top of a panel's caption."""
        row, column = divmod(number, self.columns)
        return GAP + column * (self.width + GAP), GAP + row * (self.height + CAPTION + GAP)


def compose(shown: Sequence[Panel], film: Path) -> None:
    """Write the panels side by side as H.264, the first one's times made even.

    MoviePy would stretch films of uneven rate and turn others wrongly, so it is given pictures
    that are read already.
    """
    about = facts(shown[0].path)
    moments = times(shown[0].path)
    count = max(1, round((moments[-1].seconds + moments[-1].duration) * about.rate))
    grid = Grid.of(len(shown), about.width, about.height)
    pages = InStep(composed(shown, grid), shown_at(moments, about.rate, count), float(about.rate))
    clip = VideoClip(frame_function=pages.at, duration=(count + 0.5) / float(about.rate))
    clip.write_videofile(
        str(film),
        fps=float(about.rate),
        codec="libx264",
        audio=False,
        preset="veryfast",
        threads=1,
        logger=None,
        ffmpeg_params=FIXED,
    )


def shown_at(moments: Sequence[Moment], rate: Fraction, count: int) -> list[int]:
    """For each picture of an even film the number of the one shown at that time."""
    numbers, at = [], 0
    for tick in range(count):
        while at + 1 < len(moments) and moments[at + 1].seconds <= tick / rate + moments[0].seconds:
            at += 1
        numbers.append(at)
    return numbers


def composed(shown: Sequence[Panel], grid: Grid) -> Iterator[Image]:
    """The pages, one for each picture of the first film."""
    page = captioned(shown, grid)
    for row in together(shown):
        for number, picture in enumerate(row):
            left, top = grid.corner(number)
            top += CAPTION
            page[top : top + grid.height, left : left + grid.width] = fitted(
                picture.image, grid.width, grid.height
            )
        yield page.copy()


def captioned(shown: Sequence[Panel], grid: Grid) -> Image:
    """A page with the names of its panels and nothing in them yet."""
    width, height = grid.size
    page = np.full((height, width, 3), PAPER, np.uint8)
    for number, panel in enumerate(shown):
        left, top = grid.corner(number)
        page[top : top + CAPTION, left : left + grid.width] = lettered(
            panel.label, width=grid.width, height=CAPTION, size=14, ink=INK, paper=PAPER
        )
    return page


class InStep:
    """Gives MoviePy, which asks by time, the page of that time; time must not go back."""

    def __init__(self, pages: Iterator[Image], numbers: Sequence[int], rate: float) -> None:
        """Take the pages, for each picture of the film the page it shows, and the film's rate."""
        self.pages, self.numbers, self.rate = pages, numbers, rate
        self.number, self.page = 0, next(pages)

    def at(self, seconds: float) -> Image:
        """The page shown at that time."""
        wanted = self.numbers[min(round(seconds * self.rate), len(self.numbers) - 1)]
        while self.number < wanted:
            self.number, self.page = self.number + 1, next(self.pages)
        return self.page
