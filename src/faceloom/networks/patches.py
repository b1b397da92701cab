"""Parts of a pyramid's levels, made of as little of the picture as they need."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from faceloom.networks.pyramid import Size
from faceloom.networks.tiles import Pixels, warped


@dataclass(frozen=True)
class Part:
    """Columns left..right and rows top..bottom of a level, the last ones not included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> Size:
        """Its width and height."""
        return self.right - self.left, self.bottom - self.top

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return self.left >= self.right or self.top >= self.bottom

    def within(self, size: Size) -> Part:
        """What of it lies on a level of that width and height."""
        return Part(
            max(self.left, 0), max(self.top, 0), min(self.right, size[0]), min(self.bottom, size[1])
        )

    def joined(self, other: Part) -> Part:
        """The smallest part that holds both."""
        return Part(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def beneath(self, above: Size, below: Size) -> Part:
        """What of the level below, of that size, this part of the level above is made of."""
        across, down = ratio(above, below)
        return Part(
            math.floor(self.left * across),
            math.floor(self.top * down),
            math.ceil((self.right - 1) * across) + 1,
            math.ceil((self.bottom - 1) * down) + 1,
        ).within(below)


@dataclass(frozen=True)
class Patch:
    """The pixels (h, w, 3) of a part of a level."""

    pixels: Pixels
    part: Part

    def above(self, part: Part, above: Size, below: Size) -> Patch:
        """A part of the level above, bilinear, corner of level to corner of level."""
        across, down = ratio(above, below)
        first = part.left * across - self.part.left, part.top * down - self.part.top
        return Patch(warped(self.pixels, across, down, first, part.size), part)

    def shown(self, part: Part) -> Pixels:
        """A part (h, w, 3) of the level as it is here; 0 where it is not."""
        shown = np.zeros((*part.size[::-1], 3), np.float32)
        here = self.part
        left, right = max(part.left, here.left), min(part.right, here.right)
        top, bottom = max(part.top, here.top), min(part.bottom, here.bottom)
        if left < right and top < bottom:
            rows = slice(top - part.top, bottom - part.top)
            columns = slice(left - part.left, right - part.left)
            shown[rows, columns] = self.pixels[
                top - here.top : bottom - here.top, left - here.left : right - here.left
            ]
        return shown


def ratio(above: Size, below: Size) -> tuple[float, float]:
    """Pixels of the level below from one pixel of the level above to the next, across and down."""
    across, down = ((old - 1) / max(new - 1, 1) for old, new in zip(below, above, strict=True))
    return across, down
