"""MakeHuman's text formats: meshes (.obj), targets (.target) and what is worn (.mhclo)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """A mesh as its file has it.

    Attributes:
        positions: (V, 3) decimetres.
        uv: (T, 2) texture coordinates, v upwards.
        faces: each face's vertices.
        corners: each face's texture coordinates, as indices into `uv`.
        groups: each face's group.
    """

    positions: Positions
    uv: NDArray[np.float64]
    faces: list[list[int]]
    corners: list[list[int]]
    groups: list[str]

    def members(self, group: str) -> Indices:
        """The vertices of a group's faces."""
        among = {
            v for face, of in zip(self.faces, self.groups, strict=True) if of == group for v in face
        }
        return np.array(sorted(among), np.int64)


@dataclass(frozen=True)
class Morph:
    """Where vertices go: `indices` (N,) move by `offsets` (N, 3) at weight 1."""

    indices: Indices
    offsets: Positions

    def add(self, positions: Positions, weight: float) -> None:
        """Move positions in place."""
        positions[self.indices] += weight * self.offsets


@dataclass
class Worn:
    """Something fitted to a body: each vertex hangs on three of the body's.

    Attributes:
        references: (V, 3) vertices of the body.
        shares: (V, 3) of each.
        offsets: (V, 3) added, at the body's scale.
        scales: axis to two vertices of the body and their distance where the offset was taken.
        hides: vertices of the body that lie beneath.
    """

    references: Indices
    shares: Positions
    offsets: Positions
    scales: dict[int, tuple[int, int, float]] = field(default_factory=dict)
    hides: Indices = field(default_factory=lambda: np.zeros(0, np.int64))

    def fitted(self, body: Positions) -> Positions:
        """Its vertices (V, 3) on a body."""
        scale = np.ones(3)
        for axis, (one, other, length) in self.scales.items():
            scale[axis] = abs(body[one, axis] - body[other, axis]) / length
        held: Positions = (body[self.references] * self.shares[..., None]).sum(1)
        return held + self.offsets * scale

    def weights(self, body: NDArray[np.float64]) -> NDArray[np.float64]:
        """How it follows the bones, from how the body does: (V, B)."""
        followed: NDArray[np.float64] = (body[self.references] * self.shares[..., None]).sum(1)
        return np.clip(followed, 0, 1)


def mesh(text: str) -> Mesh:
    """A Wavefront mesh; numbers become indices from 0."""
    positions: list[list[float]] = []
    uv: list[list[float]] = []
    faces: list[list[int]] = []
    corners: list[list[int]] = []
    groups: list[str] = []
    group = ""
    for line in text.splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            positions.append([float(x) for x in rest[:3]])
        elif word == "vt":
            uv.append([float(x) for x in rest[:2]])
        elif word == "g":
            group = rest[0]
        elif word == "f":
            told = [corner.split("/") for corner in rest]
            faces.append([int(one[0]) - 1 for one in told])
            corners.append([int(one[1]) - 1 if len(one) > 1 and one[1] else 0 for one in told])
            groups.append(group)
    return Mesh(np.array(positions), np.array(uv), faces, corners, groups)


def morph(text: str) -> Morph:
    """A target: lines of a vertex and three offsets."""
    lines = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    numbers = np.array([[float(x) for x in line[:4]] for line in lines]).reshape(-1, 4)
    return Morph(numbers[:, 0].astype(np.int64), numbers[:, 1:])


def worn(text: str) -> Worn:
    """An .mhclo; lines about looks may stand anywhere, also among the vertices."""
    rows: list[tuple[list[int], list[float], list[float]]] = []
    scales: dict[int, tuple[int, int, float]] = {}
    hides: list[int] = []
    section = ""
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("x_scale", "y_scale", "z_scale"):
            scales["xyz".index(words[0][0])] = (int(words[1]), int(words[2]), float(words[3]))
        elif words[0] in ("verts", "delete_verts"):
            section = words[0]
        elif section == "verts" and words[0].isdigit():
            rows.append(hung(words))
        elif section == "delete_verts" and words[0][0].isdigit():
            hides += ranges(words)
    references, shares, offsets = zip(*rows, strict=True)
    return Worn(
        np.array(references), np.array(shares), np.array(offsets), scales, np.array(hides, np.int64)
    )


def hung(words: list[str]) -> tuple[list[int], list[float], list[float]]:
    """What a vertex hangs on: one of the body's, or three with shares and an offset."""
    if len(words) == 1:
        return [int(words[0])] * 3, [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    offset = [float(x) for x in words[6:9]] or [0.0, 0.0, 0.0]
    return [int(x) for x in words[:3]], [float(x) for x in words[3:6]], offset


def ranges(words: list[str]) -> list[int]:
    """Vertices as single numbers and ranges, `3 - 7` or `3-7`."""
    found: list[int] = []
    for word in " ".join(words).replace(" - ", "-").split():
        first, _, last = word.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
