"""Faces from frame to frame: sought where they were, and everywhere every so often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.geometry.boxes import overlaps
from faceloom.networks.doubling import doubled, part_of_doubled, redoubled
from faceloom.networks.mmod import Edges
from faceloom.networks.mmod_search import Faces, Search
from faceloom.networks.patches import Part, Patch
from faceloom.networks.pyramid import RATE, Size, Tile, ascended, descended, tile
from faceloom.networks.tiles import Pixels, floats
from faceloom.networks.windows import around, whole

Image = NDArray[np.uint8]
Numbers = NDArray[np.float64]

REACH = 2  # windows that a face may move between frames, of 8 px where it is 80 px wide
SAME = 0.3  # faces of two frames are one where they share so much of their union
SMALLER = 3  # levels below a lost face's on which it is still sought: down to 0.58 of its size
NOTHING = Faces(np.empty((0, 4)), np.empty(0))


class Region(NamedTuple):
    """Where a face may be on a level: the pixels, and where its windows are.

    Attributes:
        level: of the pyramid.
        part: the pixels of the level.
        edges: at which of its sides the tile ends.
        asked: which of its windows are asked, if those that see beyond it are counted too.
    """

    level: int
    part: Part
    edges: Edges
    asked: Part


class Follow:
    """The faces of a shot's frames, one frame after the other.

    A frame is searched all over if no face is known, every so many frames, and, for about the
    sizes that were known, if a face is not found again. Otherwise only what is round the last
    sightings is looked at, on the face's level of the pyramid and, in turn, the one below and the
    one above, with the pixels and the windows of a search all over. The boxes are the same but
    where another level, or what lies around, would have its say.
    """

    def __init__(self, search: Search, every: int) -> None:
        """every: frames from one search all over to the next."""
        self.search, self.every = search, every
        self.known = NOTHING
        self.since = 0

    def __call__(self, image: Image) -> Faces:
        """The faces in the next frame (H, W, 3), RGB uint8."""
        self.since += 1
        if self.since >= self.every or not len(self.known.boxes):
            (self.known,), self.since = self.search(image[None]), 0
            return self.known
        levels = self.levels(self.known.boxes)
        found = self.near(image, levels)
        if lost(self.known.boxes, found.boxes):
            (found,) = self.search(image[None], finest=max(int(levels.min()) - SMALLER, 0))
        self.known = found
        return found

    def levels(self, boxes: Numbers) -> NDArray[np.int64]:
        """On which levels of the pyramid faces with these boxes (N, 4) are as wide as a window."""
        widths = self.in_pyramid(boxes) @ [-1, 0, 1, 0] + 1
        steps = np.log(widths / self.search.windows.window[0]) / np.log(1 / RATE)
        nearest: NDArray[np.int64] = np.rint(steps).clip(0).astype(np.int64)
        return nearest

    def in_pyramid(self, boxes: Numbers) -> Numbers:
        """Boxes in the picture as boxes on the pyramid's first level."""
        for _ in range(self.search.upsample):
            boxes = redoubled(boxes)
        return boxes

    def near(self, image: Image, levels: NDArray[np.int64]) -> Faces:
        """The faces in a frame that are round the known ones, which are on those levels."""
        ground = Ground(image, self.search.upsample)
        layout = tile(*ground.size)
        middles = middle(self.in_pyramid(self.known.boxes))
        regions: list[Region] = []
        patches: list[Pixels] = []
        for spot, level in zip(middles, levels.tolist(), strict=True):
            own = list(self.regions(spot, level, layout))
            if own:
                patches += self.patches(ground, own, layout)
                regions += own
        return self.found(regions, patches)

    def regions(self, spot: Numbers, level: int, layout: Tile) -> Iterator[Region]:
        """Where windows are, on a level and one next to it, that may show a face round a spot.

        The spot is in pixels of the first level. Regions are laid so that their windows are those
        of the whole tile, and see as much of it as they do there.
        """
        network = self.search.network
        last = (np.array([layout.width, layout.height]) - network.least) // network.stride
        other = level + (1 if self.since % 2 else -1)
        for near in sorted({level, other} & set(range(len(layout.levels)))):
            place = layout.levels[near]
            corner = np.array([place.left, place.top])
            here = descended(np.tile(spot, (1, 2)), np.array([near]))[0, :2] + corner
            middle = np.rint((here - network.first) / network.stride).astype(int)
            asked = np.clip([middle - REACH, middle + REACH], 0, last)
            seen = np.clip(asked + [[-network.edge], [network.edge]], 0, last)
            pixels = seen * network.stride + [[0], [network.least]] - corner
            part = Part(*pixels.ravel().tolist())
            if not part.within(place.size).empty:
                ends = np.stack([seen[0] == 0, seen[1] == last], axis=1)
                edges = Edges(*ends.ravel().tolist())
                inside = Part(*(asked - seen[0] + [[0], [1]]).ravel().tolist())
                yield Region(near, part, edges, inside)

    def patches(self, ground: Ground, regions: list[Region], layout: Tile) -> list[Pixels]:
        """The pixels (h, w, 3) of regions on rising levels, 0 beyond the levels' edges."""
        sizes = [level.size for level in layout.levels]
        wanted = needed(regions, sizes)
        patch = Patch(floats(ground.shown(wanted[0]), self.search.network.means), wanted[0])
        parts = {region.level: region.part for region in regions}
        shown: list[Pixels] = []
        for level, part in enumerate(wanted):
            if level:
                patch = patch.above(part, sizes[level], sizes[level - 1])
            if level in parts:
                shown.append(patch.shown(parts[level]))
        return shown

    def found(self, regions: list[Region], patches: list[Pixels]) -> Faces:
        """The best of the windows asked for in the regions."""
        boxes, scores = [NOTHING.boxes], [NOTHING.scores]
        for (level, part, edges, asked), patch in zip(regions, patches, strict=True):
            pixels = torch.from_numpy(patch[None]).permute(0, 3, 1, 2).to(self.search.device)
            every = self.search.scores(pixels, edges)
            down, across = (
                0 if end else self.search.network.edge for end in (edges.top, edges.left)
            )
            every = every[:, asked.top - down : asked.bottom - down]
            above = self.search.above(every[:, :, asked.left - across : asked.right - across])
            first = np.array([asked.left, asked.top]) * self.search.network.stride
            centres = above.centres + first + [part.left, part.top]
            found = around(centres, self.search.windows.window)
            boxes.append(whole(ascended(found, np.full(len(found), level))))
            scores.append(above.scores)
        return self.search.chosen(np.concatenate(boxes), np.concatenate(scores))


class Ground:
    """The first level of a pyramid: a picture, or what it is when doubled so often."""

    def __init__(self, image: Image, upsample: int) -> None:
        """Double it, but for the last time."""
        for _ in range(upsample - 1):
            image = doubled(image)
        height, width, _ = image.shape
        self.image, self.enlarged = image, upsample > 0
        self.size = (2 * width + 2, 2 * height + 1) if self.enlarged else (width, height)

    def shown(self, part: Part) -> Image:
        """A part of it, (h, w, 3)."""
        if self.enlarged:
            return part_of_doubled(self.image, (part.left, part.top, part.right, part.bottom))
        return np.ascontiguousarray(self.image[part.top : part.bottom, part.left : part.right])


def needed(regions: list[Region], sizes: Sequence[Size]) -> list[Part]:
    """What of each level is needed, from the first to the last of the regions', to have them."""
    parts: list[Part] = []
    for level in range(max(region.level for region in regions), -1, -1):
        here = [each.part.within(sizes[level]) for each in regions if each.level == level]
        if parts:
            here.append(parts[-1].beneath(sizes[level + 1], sizes[level]))
        parts.append(reduce(Part.joined, here))
    return parts[::-1]


def middle(boxes: Numbers) -> Numbers:
    """The centres (N, 2) of boxes (N, 4)."""
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def lost(known: Numbers, found: Numbers) -> bool:
    """Whether a known face (N, 4) is none of those found (M, 4)."""
    if not len(found):
        return True
    return bool((overlaps(known, found).max(axis=1) < SAME).any())
