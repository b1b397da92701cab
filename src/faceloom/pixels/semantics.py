"""Semantic maps: what each pixel shows, so that patches go to their own kind (Champandard 2016)."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.geometry.arrays import Matrix, Points
from faceloom.pixels.masks import parts
from faceloom.pixels.parsing import LABELS, Labels

SHOWN = (*LABELS, "brows", "nose", "lips")
"""What a pixel of a map can show, by its number: what parsing tells, and what landmarks add."""
ADDED = {
    "nose": ("nose", ("skin",)),
    "brows": ("brows", ("skin", "hair")),
    "lips": ("mouth", ("skin",)),
}
"""Each by the hull of its landmarks, as far as parsing has taken it for one of these."""
COLOURS = 64  # at most in a painted map: more are edges that some program has smoothed

Image = NDArray[np.uint8]
Map = NDArray[np.int32]
"""(H, W): numbers of what is shown, or colours as numbers."""


def told(labels: Labels, points: Points) -> Map:
    """What a crop shows, by its parsing and its landmarks (68, 2): numbers of SHOWN."""
    size = (labels.shape[1], labels.shape[0])
    found = labels.astype(np.int32)
    for name, (hull, takes) in ADDED.items():
        within = parts(points, [hull], size) > 0.5
        numbers = [LABELS.index(each) for each in takes]
        found[within & np.isin(labels, numbers)] = SHOWN.index(name)
    return found


def grouped(found: Map, groups: Sequence[Sequence[str]]) -> Map:
    """The number of the group that each pixel's label is in; what is in none is one more."""
    table = np.full(len(SHOWN), len(groups), np.int32)
    for number, group in enumerate(groups):
        table[[SHOWN.index(name) for name in group]] = number
    return np.asarray(table[found])


def coloured(picture: Image, matrix: Matrix, size: int) -> Map:
    """A painted map (H, W, 3) where a crop is, its colours as numbers; no colour is mixed."""
    there = cv2.warpAffine(
        picture, matrix, (size, size), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE
    )
    return numbered(np.asarray(there, np.uint8))


def numbered(picture: Image) -> Map:
    """A picture's colours as numbers."""
    red, green, blue = (picture[..., n].astype(np.int32) for n in range(3))
    return np.asarray((red << 16) + (green << 8) + blue)


def pictured(found: Map) -> Image:
    """A map as a picture, its numbers as colours: the inverse of `numbered`."""
    return np.stack([found >> 16, found >> 8 & 255, found & 255], axis=-1).astype(np.uint8)


def planes(*maps: Map) -> list[NDArray[np.float32]]:
    """Each map as planes (K, H, W) of 0 and 1, one for each of all that is in any of them."""
    every = np.unique(np.concatenate([np.unique(each) for each in maps]))
    return [(each == every[:, None, None]).astype(np.float32) for each in maps]
