"""Hair as strands: rooted in the skin, combed, weighed down, kept outside the skull."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from faceloom.actors.body import Body, skinned
from faceloom.actors.formats import Indices, Positions
from faceloom.actors.labels import HAIR, SKIN
from faceloom.actors.person import Beard
from faceloom.actors.pieces import Exchanged, Held, Piece, shading

Density = Callable[[Positions], NDArray[np.float64]]
CROWN = np.array([0.0, 9.32, 0.10])  # where hair turns
EARS = "ears/{}-ear-wing-incr"  # the target that moves an ear and nothing else
MOUTH = 7.55  # dm, on the base mesh: what grows above it is kept short
STEPS = 6  # points of a short strand


@dataclass(frozen=True)
class Style:
    """How hair grows and is cut.

    Attributes:
        count: of strands.
        length: on top and at the sides, decimetres.
        lift: how much it stands off the skin, 0..1.
        comb: where it is combed: ahead (z), and to a side (x).
        fall: how soon it hangs down, 0..1.
        curl: radius of curls, decimetres.
        part: where it is parted, decimetres to the person's left; None is nowhere.
        back: how far the hairline has gone back, decimetres.
        top: whether there is any on top.
    """

    count: int
    length: tuple[float, float]
    lift: float
    comb: tuple[float, float] = (0.0, 0.0)
    fall: float = 0.0
    curl: float = 0.0
    part: float | None = None
    back: float = 0.0
    top: bool = True


STYLES: Mapping[str, Style] = {
    "buzz": Style(9000, (0.05, 0.04), 0.8),
    "crop": Style(9000, (0.22, 0.09), 0.45, comb=(0.7, 0.2)),
    "swept": Style(9000, (0.5, 0.14), 0.4, comb=(-1.0, 0.0)),
    "parted": Style(9000, (0.42, 0.14), 0.25, comb=(0.1, 1.0), part=0.22, fall=0.12),
    "curls": Style(8000, (0.55, 0.4), 0.75, curl=0.06, fall=0.06),
    "afro": Style(11000, (0.5, 0.38), 0.95, curl=0.05),
    "bob": Style(9000, (1.7, 1.35), 0.25, comb=(-0.25, 1.0), fall=0.45, part=0.0),
    "long": Style(9000, (2.6, 2.3), 0.2, comb=(-0.35, 1.0), fall=0.5, part=0.15),
    "waves": Style(9000, (2.1, 1.8), 0.3, comb=(-0.3, 1.0), fall=0.45, part=-0.1, curl=0.035),
    "receding": Style(7000, (0.14, 0.10), 0.4, comb=(-0.4, 0.0), back=0.35),
    "fringe_of_hair": Style(6000, (0.1, 0.12), 0.35, comb=(-0.2, 0.0), top=False),
}


class Rooted:
    """Strands bound to triangles of the skin, so that they go where it goes.

    Attributes:
        triangles: (S, 3) vertices of the body.
        shares: (S, 3) where in the triangle the root is.
        offsets: (S, P, 3) points from the root, in the triangle's own axes.
    """

    def __init__(self, triangles: Indices, shares: Positions, offsets: Positions) -> None:
        """Take them; `grown` makes them."""
        self.triangles, self.shares, self.offsets = triangles, shares, offsets

    def at(self, positions: Positions) -> Positions:
        """The strands' points (S * P, 3) on vertices of the body (V, 3)."""
        corners = positions[self.triangles]
        roots = (corners * self.shares[..., None]).sum(1)
        points = roots[:, None] + np.einsum("sij,spi->spj", axes(corners), self.offsets)
        flat: Positions = points.reshape(-1, 3)
        return flat


def axes(corners: Positions) -> Positions:
    """Each triangle's own axes: (S, 3, 3), the normal last."""
    along = unit(corners[:, 1] - corners[:, 0])
    normal = unit(np.cross(along, corners[:, 2] - corners[:, 0]))
    return np.stack([along, np.cross(normal, along), normal], 1)


def unit(vectors: Positions) -> Positions:
    """Vectors of length 1."""
    long: Positions = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return long


class Ground:
    """Where hair can grow: triangles of the skin, with places on the base mesh."""

    def __init__(self, body: Body) -> None:
        """Take the triangles of the head."""
        mesh = body.mesh
        faces = [f for f, group in zip(mesh.faces, mesh.groups, strict=True) if group == "body"]
        halves = [[f[0], f[1], f[2]] for f in faces] + [[f[0], f[2], f[3]] for f in faces if f[3:]]
        self.triangles = np.array(halves, np.int64)
        self.places = body.centred(mesh.positions)
        ears = [body.assets.target(EARS.format(side)).indices for side in "lr"]
        self.ears = np.concatenate(ears)
        middle = self.places[self.triangles].mean(1)
        head = body.weights[self.triangles, 3].min(1) > 0.6
        self.triangles = self.triangles[head & (middle[:, 1] > 7.0)]

    def bears(self, density: Density, grows: NDArray[np.float64]) -> bool:
        """Whether any hair grows; density, grows: as `roots` has them."""
        return bool(self._dense(density, grows).any())

    def roots(
        self,
        rest: Positions,
        density: Density,
        grows: NDArray[np.float64],
        count: int,
        draws: np.random.Generator,
    ) -> tuple[Indices, Positions]:
        """About so many roots where hair grows: their triangles (S, 3) and shares (S, 3).

        Args:
            rest: (V, 3) the body whose skin it is; strands are as dense on any of its parts.
            density: how densely hair grows at places of the base mesh, 0..1; never on ears.
            grows: (V,) a factor of that for each vertex.
            count: if it grew at full density wherever it grows at all.
            draws: of the roots.
        """
        dense = self._dense(density, grows)
        corners = rest[self.triangles]
        sides = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        weight = (dense > 0) * np.linalg.norm(sides, axis=1)
        chosen = self.triangles[draws.choice(len(weight), count, p=weight / weight.sum())]
        one, other = np.sqrt(draws.random(count)), draws.random(count)
        shares = np.stack([1 - one, one * (1 - other), one * other], 1)
        here = (self.places[chosen] * shares[..., None]).sum(1)
        chance = density(here) * (grows[chosen] * shares).sum(1)
        kept = draws.random(count) < chance
        return chosen[kept], shares[kept]

    def _dense(self, density: Density, grows: NDArray[np.float64]) -> NDArray[np.float64]:
        """How densely hair grows at most on each triangle; never on ears."""
        dense: NDArray[np.float64] = (density(self.places) * grows)[self.triangles].max(1)
        dense[np.isin(self.triangles, self.ears).any(1)] = 0
        return dense


def scalp(back: float, top: bool) -> Density:
    """How much hair grows at a place of the base mesh, 0..1, fading at the hairline."""

    def dense(places: Positions) -> NDArray[np.float64]:
        behind = np.degrees(np.arctan2(np.abs(places[:, 0]), places[:, 2] - 0.55))
        line = np.interp(
            behind,
            [0, 25, 45, 58, 68, 76, 84, 100, 118, 140, 180],
            [8.97, 9.00, 8.92, 8.68, 8.42, 8.14, 8.20, 8.33, 8.08, 7.88, 7.80],
        )
        line = line + back * np.clip(1 - behind / 75, 0, 1)
        grows = np.clip((places[:, 1] - line) / 0.07, 0, 1)
        if not top:
            grows = grows * np.clip((8.85 - places[:, 1]) / 0.12, 0, 1) * (behind > 72)
        result: NDArray[np.float64] = grows
        return result

    return dense


def hair(
    style: Style,
    colour: tuple[float, float, float],
    body: Body,
    ground: Ground,
    rest: Positions,
    draws: np.random.Generator,
) -> Piece:
    """A head of hair on a body at rest."""
    everywhere = np.ones(len(rest))
    dense = scalp(style.back, style.top)
    triangles, shares = ground.roots(rest, dense, everywhere, style.count, draws)
    corners = rest[triangles]
    roots, normals = (corners * shares[..., None]).sum(1), axes(corners)[:, 2]
    high = np.clip((roots[:, 1] - 8.35) / 0.5, 0, 1)
    length = style.length[1] + high * (style.length[0] - style.length[1])
    length *= draws.uniform(0.8, 1.08, len(length))
    # At the hairline hair is shorter and finer; a comb has less to take hold of.
    skull = Skull(body, rest)
    points = combed(style, roots, normals, length, skull, draws)
    return strands(
        "hair",
        HAIR,
        colour,
        body,
        Rooted(triangles, shares, local(points, corners)),
        points.shape[1],
        draws,
    )


class Skull:
    """The head's surface, to stay outside of."""

    def __init__(self, body: Body, rest: Positions) -> None:
        """Take the skin's vertices and normals."""
        faces = [
            face[:3]
            for face, group in zip(body.mesh.faces, body.mesh.groups, strict=True)
            if group == "body"
        ]
        triangles = np.array(faces)
        corners = rest[triangles]
        near = (corners[:, :, 1].min(1) > 5.5) & (np.abs(corners[:, :, 0]).max(1) < 3)
        self.middle = corners[near].mean(1)
        self.normals = axes(corners[near])[:, 2]
        self.tree = cKDTree(self.middle)

    def outside(self, points: Positions, by: float | NDArray[np.float64]) -> Positions:
        """Points (N, 3) moved out of the skin, at least `by` away."""
        _, nearest = self.tree.query(points)
        normal = self.normals[nearest]
        away = ((points - self.middle[nearest]) * normal).sum(1)
        moved: Positions = points + np.maximum(by - away, 0)[:, None] * normal
        return moved


def combed(
    style: Style,
    roots: Positions,
    normals: Positions,
    length: NDArray[np.float64],
    skull: Skull,
    draws: np.random.Generator,
) -> Positions:
    """Each strand's points from its root on: (S, P, 3)."""
    count = STEPS + round(4 * max(style.length)) + (4 if style.curl else 0)
    step = (length / (count - 1))[:, None]
    flow = directions(style, roots, normals)
    flow = unit(flow + 0.16 * draws.normal(size=flow.shape))
    points = [roots - 0.01 * normals]
    layer = draws.uniform(0.0, 0.055, len(roots)) * np.clip(length / 0.4, 0.3, 1.6)
    for number in range(1, count):
        share = number / (count - 1)
        lift = style.lift * (1 - 0.75 * share * (style.fall > 0 or style.lift < 0.7))
        ahead = unit(lift * normals + (1 - lift) * flow)
        hung = np.minimum(share * length / 0.45, 1)[:, None]  # bent down half a decimetre on
        ahead = unit(ahead + style.fall * 7 * hung * np.array([0, -1.0, 0]))
        moved = points[-1] + step * ahead
        points.append(skull.outside(moved, 0.012 + layer * min(1, 3 * share)))
    made = np.stack(points, 1)
    return curled(made, style.curl, draws) if style.curl else made


def directions(style: Style, roots: Positions, normals: Positions) -> Positions:
    """Where each strand is combed to, along the skin."""
    away = roots - CROWN
    side = np.sign(roots[:, 0] - (style.part or 0.0))
    ahead, across = style.comb
    wanted = unit(away) * 0.8
    wanted[:, 2] += 1.4 * ahead * np.clip((roots[:, 1] - 8.5) / 0.3, 0, 1)
    if style.part is None:
        wanted[:, 0] += across
    else:
        wanted[:, 0] += across * side
    wanted[:, 1] -= 0.5 * np.clip((8.9 - roots[:, 1]) / 0.5, 0, 1)
    if style.fall:  # long hair at the forehead goes to the sides and back, never over the eyes
        front = np.clip((roots[:, 2] - 0.9) / 0.4, 0, 1)
        wanted[:, 0] += 1.2 * front * side
        wanted[:, 2] -= 0.9 * front
    along: Positions = wanted - (wanted * normals).sum(1, keepdims=True) * normals
    return unit(along)


def curled(points: Positions, radius: float, draws: np.random.Generator) -> Positions:
    """Strands wound round their own way."""
    count = points.shape[1]
    ahead = unit(np.gradient(points, axis=1))
    across = unit(np.cross(ahead, unit(draws.normal(size=(len(points), 1, 3)))))
    third = np.cross(ahead, across)
    turns = draws.uniform(0, 2 * np.pi, (len(points), 1)) + np.arange(count) * draws.uniform(
        1.0, 1.7, (len(points), 1)
    )
    wide = radius * np.clip(np.arange(count) / 3, 0, 1) * draws.uniform(0.6, 1.2, (len(points), 1))
    wound: Positions = points + wide[..., None] * (
        np.cos(turns)[..., None] * across + np.sin(turns)[..., None] * third
    )
    return wound


def local(points: Positions, corners: Positions) -> Positions:
    """Points (S, P, 3) from their first one, in their triangles' axes."""
    offsets: Positions = np.einsum("sij,spj->spi", axes(corners), points - points[:, :1])
    return offsets


def strands(
    name: str,
    label: int,
    colour: tuple[float, float, float],
    body: Body,
    rooted: Rooted,
    points: int,
    draws: np.random.Generator,
    thick: float = 0.011,
    share: NDArray[np.float64] | None = None,
) -> Piece:
    """A piece of strands, each a shade lighter or darker than the next."""
    count = len(rooted.triangles)
    used, place = np.unique(rooted.triangles, return_inverse=True)
    bound = Rooted(place.reshape(-1, 3), rooted.shares, rooted.offsets)
    taper = np.linspace(1, 0.35, points)
    tone = draws.uniform(0.65, 1.4, count)

    def at(held: Held) -> Positions:
        return bound.at(skinned(held.body[used], body.weights[used], held.bones))

    arrays = {
        "sizes": np.full(count, points, np.int32),
        "radius": np.tile(thick * taper, count).astype(np.float32),
        "tone": np.repeat(tone, points).astype(np.float32),
    }
    material = shading("strands", colour, None, 0.45, 0.35)
    exchanged: Exchanged = "none" if share is None else np.repeat(share, points)
    return Piece(name, label, material, [], None, at, exchanged, arrays)


BEARDS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "stubble": (("cheeks", "chin", "lip"), 6000),
    "moustache": (("lip",), 3500),
    "goatee": (("lip", "chin"), 5000),
    "full": (("cheeks", "chin", "lip"), 8000),
}


def bearded(style: str) -> Density:
    """How much of a beard grows at a place of the base mesh, 0..1."""
    parts, _ = BEARDS[style]

    def soft(value: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
        return np.clip((value - low) / (high - low), 0, 1)

    def dense(places: Positions) -> NDArray[np.float64]:
        x, y, z = np.abs(places[:, 0]), places[:, 1], places[:, 2]
        lips = np.hypot(x / 0.29, (y - 7.55) / 0.115) < 1
        grows = np.zeros(len(places))
        if "lip" in parts:
            grows += soft(-x, -0.27, -0.19) * soft(y, 7.55, 7.60) * soft(-y, -7.76, -7.70) * (z > 1)
        if "chin" in parts:
            grows += soft(-x, -0.36, -0.26) * soft(-y, -7.5, -7.42) * soft(y, 6.95, 7.1) * (z > 0.9)
        if "cheeks" in parts:
            jaw = np.interp(x, [0.2, 0.45, 0.62, 0.75], [7.35, 7.55, 7.8, 8.1])
            grows += soft(jaw - y, 0, 0.12) * soft(y, 6.95, 7.1) * (z > 0.35) * (x > 0.2)
        result: NDArray[np.float64] = np.clip(grows, 0, 1) * ~lips
        return result

    return dense


def beard(
    told: Beard,
    body: Body,
    ground: Ground,
    rest: Positions,
    draws: np.random.Generator,
    grows: NDArray[np.float64],
    share: NDArray[np.float64],
    name: str,
) -> Piece:
    """A beard on a body at rest.

    Args:
        told: style, colour and length.
        body, ground, rest: where it grows.
        draws: of the strands.
        grows: (V,) how much of it grows there; a twin has the donor's inside the mask alone.
        share: (V,) how much of each vertex is the donor's.
        name: of the piece.
    """
    _, count = BEARDS[told.style]
    triangles, shares = ground.roots(rest, bearded(told.style), grows, count, draws)
    corners = rest[triangles]
    roots, normals = (corners * shares[..., None]).sum(1), axes(corners)[:, 2]
    short = 0.018 if told.style == "stubble" else told.length
    lip = (ground.places[triangles] * shares[..., None]).sum(1)[:, 1] > MOUTH
    reach = (short * np.where(lip, 0.5, 1) * draws.uniform(0.6, 1.1, len(roots)))[:, None]
    flow = unit(normals * 0.5 + np.array([0, -0.8, 0.1]) + 0.25 * draws.normal(size=roots.shape))
    line = np.linspace(0, 1, 4)[:, None]
    points = roots[:, None] - 0.006 * normals[:, None] + line * (reach * flow)[:, None]
    thick = 0.004 if told.style == "stubble" else 0.007
    rooted = Rooted(triangles, shares, local(points, corners))
    mine = share[triangles].mean(1)
    return strands(name, SKIN, told.colour, body, rooted, 4, draws, thick, mine)
