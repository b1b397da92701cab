"""The pyramid that dlib's face detector looks at: all levels of a picture side by side on one.

dlib/image_transforms/image_pyramid.h, `create_tiled_pyramid` of `pyramid_down<6>`: each level is
5/6 of the one below it. Lengths are whole pixels; everything is in numbers, no pixels here.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

RATE = 5 / 6
SHIFT = 0.3  # pixels, of a point from one level to the one before it
SHORTEST = 5  # no level is lower than this, in pixels
PADDING = 10  # pixels between levels
MARGIN = 11  # pixels round them all
WRAPPED = 1 << 64  # dlib compares unsigned numbers: below 0 they are huge

Numbers = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True)
class Level:
    """Where a level of the pyramid lies on the tile."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its last column."""
        return self.left + self.width - 1

    @property
    def bottom(self) -> int:
        """Its last row."""
        return self.top + self.height - 1

    @property
    def size(self) -> Size:
        """Its width and height."""
        return self.width, self.height

    def meets(self, other: "Level") -> bool:
        """Whether the two share a pixel."""
        across = self.left <= other.right and other.left <= self.right
        return across and self.top <= other.bottom and other.top <= self.bottom


@dataclass(frozen=True)
class Tile:
    """A picture that holds all levels: its size, and where each of them lies."""

    width: int
    height: int
    levels: tuple[Level, ...]

    @cached_property
    def corners(self) -> Numbers:
        """Left, top, right and bottom of each level, (L, 4)."""
        return np.array([[a.left, a.top, a.right, a.bottom] for a in self.levels], float)

    def level_of(self, points: Numbers) -> NDArray[np.intp]:
        """The level that each of (N, 2) points belongs to: the one that it is in, or nearest to."""
        at = np.floor(points + 0.5)[:, None]
        aside = at - np.clip(at, self.corners[:, :2], self.corners[:, 2:])
        nearest: NDArray[np.intp] = np.hypot(aside[..., 0], aside[..., 1]).argmin(axis=1)
        return nearest

    def to_picture(self, boxes: Numbers) -> Numbers:
        """Boxes (N, 4) on the tile as boxes in the picture, not rounded."""
        levels = self.level_of((boxes[:, :2] + boxes[:, 2:]) / 2)
        return ascended(boxes - np.tile(self.corners[levels, :2], 2), levels)


def ascended(boxes: Numbers, levels: NDArray[np.integer]) -> Numbers:
    """Boxes (N, 4), each on its level of the pyramid (N,), as boxes in the picture."""
    boxes = boxes.copy()
    for number in range(int(levels.max(initial=0))):
        above = levels > number
        boxes[above] = boxes[above] / RATE + SHIFT
    return boxes


def descended(boxes: Numbers, levels: NDArray[np.integer]) -> Numbers:
    """Boxes (N, 4) in the picture as boxes on levels of the pyramid (N,), one for each."""
    boxes = boxes.copy()
    for number in range(int(levels.max(initial=0))):
        above = levels > number
        boxes[above] = (boxes[above] - SHIFT) * RATE
    return boxes


def sizes(width: int, height: int) -> list[Size]:
    """Width and height of every level, the picture itself first."""
    every = [(width, height)]
    while True:
        width, height = math.floor(RATE * width), math.floor(RATE * height)
        if width == 0 or height < SHORTEST:
            return every
        every.append((width, height))


@lru_cache(maxsize=16)
def tile(width: int, height: int) -> Tile:
    """Where dlib lays the levels of a picture of that size.

    A first column downwards from the top left; what would make it too high goes up again on the
    right, as long as it does not meet the first level.
    """
    every = sizes(width, height)
    first = every[: split(every)]
    levels = []
    top = MARGIN
    for across, down in first:
        levels.append(Level(MARGIN, top, across, down))
        top += down + PADDING
    below = top - PADDING
    for across, down in every[len(first) :]:
        level = Level(MARGIN + width - across, below - down, across, down)
        if level.meets(levels[0]):
            break
        levels.append(level)
        below -= down + PADDING
    return Tile(width + 2 * MARGIN, top - PADDING + MARGIN, tuple(levels))


def split(every: list[Size]) -> int:
    """How many levels the first column has: up to about half of what lies below the first level."""
    (width, lowest), total = every[0], sum(height + PADDING for _, height in every) - 2 * PADDING
    height, above = 0, 0
    for number, (across, down) in enumerate(every):
        room = (width - above - PADDING) % WRAPPED
        if (
            number
            and across <= room
            and (height - lowest) * 2 % WRAPPED >= (total - lowest) % WRAPPED
        ):
            return number
        height, above = height + down + PADDING, across
    return len(every)
