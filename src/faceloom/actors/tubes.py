"""Surfaces made of a line: tubes along it, and what turns round it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.formats import Positions

Faces = list[list[int]]


def tube(
    line: Positions, radius: float | NDArray[np.float64], sides: int = 8, closed: bool = False
) -> tuple[Positions, Faces]:
    """A tube along a line (N, 3), of one radius or one a point; its vertices and faces."""
    ahead = np.roll(line, -1, 0) - np.roll(line, 1, 0)
    if not closed:
        ahead[0], ahead[-1] = line[1] - line[0], line[-1] - line[-2]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    least = np.eye(3)[np.argmin(np.abs(ahead).max(0))]
    across = np.cross(ahead, least)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    third = np.cross(ahead, across)
    turns = 2 * np.pi * np.arange(sides) / sides
    wide = np.broadcast_to(np.asarray(radius, float), (len(line),))[:, None, None]
    ring = np.cos(turns)[:, None] * across[:, None] + np.sin(turns)[:, None] * third[:, None]
    return (line[:, None] + wide * ring).reshape(-1, 3), strips(len(line), sides, closed)


def turned(profile: NDArray[np.float64], sides: int = 24) -> tuple[Positions, Faces]:
    """What a profile of radii and heights (N, 2) makes, turned about the y axis."""
    turns = 2 * np.pi * np.arange(sides) / sides
    radius, height = profile[:, :1], np.repeat(profile[:, 1:], sides, 1)
    round_ = np.stack([radius * np.cos(turns), height, -radius * np.sin(turns)], -1)
    return round_.reshape(-1, 3), strips(len(profile), sides, False)


def strips(rings: int, sides: int, closed: bool) -> Faces:
    """Faces between rings of vertices, one after the other."""
    return [
        [
            ring * sides + side,
            ring * sides + (side + 1) % sides,
            (ring + 1) % rings * sides + (side + 1) % sides,
            (ring + 1) % rings * sides + side,
        ]
        for ring in range(rings if closed else rings - 1)
        for side in range(sides)
    ]


def together(parts: list[tuple[Positions, Faces]]) -> tuple[Positions, Faces]:
    """Several surfaces as one."""
    starts = np.cumsum([0, *(len(positions) for positions, _ in parts)])
    faces = [
        [int(start) + vertex for vertex in face]
        for start, (_, of) in zip(starts, parts, strict=False)
        for face in of
    ]
    return np.concatenate([positions for positions, _ in parts]), faces
