"""What passes before a face: a hand, a microphone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.body import Body, turn
from faceloom.actors.formats import Indices, Positions
from faceloom.actors.labels import OCCLUDER
from faceloom.actors.motion import Curve, Draws, eased, wandering
from faceloom.actors.pieces import Held, Piece, cut, shading, surface
from faceloom.actors.tubes import turned

HAND = "wrist.L"
ARM = ("lowerarm01.L", "lowerarm02.L")
FINGERS = (2, 3, 4, 5)
MOUTH_AT = np.array([0.0, 7.55, 1.6])
CLEAR = 1.88  # dm before the head's middle at which nothing touches the nose
FACE_LOW = 6.8  # dm below which nothing can touch the face


class Passage:
    """A way before the face: in from below, to a place, and out again."""

    def __init__(
        self, draws: Draws, seconds: float, near: NDArray[np.float64], reach: float
    ) -> None:
        """Draw it: `near` is where it goes, give or take `reach` across and up."""
        self.side = float(draws.choice([-1, 1]))
        across = self.side * abs(draws.normal(0, reach))
        self.place = near + [across, draws.normal(0, reach), draws.uniform(0, 0.35)]
        self.outside = np.array([self.side * draws.uniform(0.8, 2.4), 4.6, near[2] + 0.5])
        start = draws.uniform(-0.3, 0.25) * seconds
        self.comes: Curve = lambda time: eased((time - start) / (0.3 * seconds))
        leaves = start + draws.uniform(0.6, 0.8) * seconds
        self.goes: Curve = lambda time: eased((time - leaves) / (0.3 * seconds))
        self.sway = [wandering(draws, seconds, 0.16, 0.5) for _ in range(3)]
        self.tilts = [wandering(draws, seconds, 9, 0.7) for _ in range(3)]

    def at(self, time: float) -> NDArray[np.float64]:
        """Where it is at a time in seconds."""
        there = self.comes(time) * (1 - self.goes(time))
        sway = np.array([curve(time) for curve in self.sway])
        place: NDArray[np.float64] = self.outside + there * (self.place - self.outside) + sway
        return place

    def moved(self, shape: Positions, time: float) -> Positions:
        """A shape (V, 3) about its own middle, where it is then, kept off the face."""
        points: Positions = shape @ self.tilt(time).T + self.at(time)
        near = points[points[:, 1] > FACE_LOW, 2]
        points[:, 2] += max(CLEAR - near.min(), 0) if len(near) else 0
        return points

    def tilt(self, time: float) -> NDArray[np.float64]:
        """How it sways in the wrist at that time: a rotation."""
        yaw, pitch, roll = (curve(time) for curve in self.tilts)
        return turn(yaw, pitch, roll)


def hand(draws: Draws, seconds: float, body: Body, rest: Positions, skin: str) -> list[Piece]:
    """A hand with its forearm, of the body's own mesh, in its skin's texture."""
    passage = Passage(draws, seconds, np.array([0.0, 7.9, 2.35]), 0.4)
    shape = gripped(body, rest, float(draws.uniform(4, 24)), draws)
    upright = stood(body, rest, passage.side, draws)
    follows = following(body)
    part = cut(body.mesh, lambda _, face: follows[face].min() > 0.5)
    palm = body.joint(rest, "finger3-1.L")
    local = (shape[part.used] - palm) @ upright.T

    def at(held: Held) -> Positions:
        moved: Positions = passage.moved(local, held.time) + held.bones[4, :3, 3]
        return moved

    material = shading("skin", (1, 1, 1), skin, 0.5, 0.35) | {"subsurface": 0.2}
    return [Piece("hand", OCCLUDER, material, part.faces, part.uv, at, subdivide=1)]


def following(body: Body) -> NDArray[np.float64]:
    """How much of each vertex belongs to the left hand and forearm: (V,)."""
    share = np.zeros(len(body.mesh.positions))
    for bone in (*body.under(HAND), *ARM):
        for vertex, weight in body.followed.get(bone, []):
            share[vertex] += weight
    return share


def gripped(body: Body, rest: Positions, bend: float, draws: Draws) -> Positions:
    """The body with the fingers of its left hand bent, each joint about so many degrees."""
    moved = rest.copy()
    base = [body.joint(rest, f"finger{finger}-1.L") for finger in (2, 5)]
    axis = (base[1] - base[0]) / np.linalg.norm(base[1] - base[0])
    for finger in FINGERS:
        matrix = np.eye(4)
        for joint in (1, 2, 3):
            bone = f"finger{finger}-{joint}.L"
            at, rotation = body.joint(rest, bone), about(axis, bend * draws.uniform(0.6, 1.4))
            local = np.eye(4)
            local[:3, :3], local[:3, 3] = rotation, at - rotation @ at
            matrix = matrix @ local
            vertices, weights = followers(body, bone)
            change = rest[vertices] @ matrix[:3, :3].T + matrix[:3, 3] - rest[vertices]
            moved[vertices] += weights[:, None] * change
    return moved


def followers(body: Body, bone: str) -> tuple[Indices, NDArray[np.float64]]:
    """The vertices that follow a bone, and how much."""
    pairs = body.followed.get(bone, [])
    return np.array([v for v, _ in pairs], np.int64), np.array([w for _, w in pairs], float)


def about(axis: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    """A rotation about an axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    rotation: NDArray[np.float64] = (
        np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    )
    return rotation


def stood(body: Body, rest: Positions, side: float, draws: Draws) -> NDArray[np.float64]:
    """The rotation that stands the hand up: fingers up and inwards, palm to the face or to us."""
    along = body.joint(rest, "finger3-1.L") - body.joint(rest, HAND)
    along /= np.linalg.norm(along)
    across = body.joint(rest, "finger5-1.L") - body.joint(rest, "finger2-1.L")
    across -= along * (across @ along)
    across /= np.linalg.norm(across)
    own = np.stack([across, along, np.cross(across, along)])
    lean = -side * draws.uniform(5, 65)  # fingers towards the face's middle
    yaw = draws.choice([0.0, 180.0]) + draws.normal(0, 18)
    wanted = turn(0, 0, -lean) @ turn(yaw, draws.uniform(-15, 5), 0)
    rotation: NDArray[np.float64] = wanted @ own
    return rotation


def microphone(draws: Draws, seconds: float) -> list[Piece]:
    """A microphone that is held up to the mouth, and taken away."""
    passage = Passage(draws, seconds, MOUTH_AT + [0, 0.0, 0.75], 0.22)
    around = np.linspace(np.pi / 2, -0.32 * np.pi, 14)
    radius = draws.uniform(0.22, 0.30)
    ball = np.stack([radius * np.cos(around), radius * np.sin(around)], -1)
    ball[0, 0] = 1e-3
    low = ball[-1, 1]
    grip = [(0.8, 0), (0.92, -0.05), (0.62, -0.1), (0.52, -0.9), (0.45, -2.4), (1e-3, -2.41)]
    body = np.array([(radius * wide, low + down) for wide, down in grip])
    lean = turn(passage.side * draws.uniform(5, 30), draws.uniform(-40, -12), 0)
    shade = float(draws.choice([0.02, 0.05, 0.25, 0.6]))
    bare = float(draws.uniform(0.08, 0.5))
    parts = [turned(profile) for profile in (ball, body)]
    whole = np.concatenate([points for points, _ in parts]) @ lean.T
    border = len(parts[0][0])
    looks = {
        "grille": surface((bare, bare, bare), roughness=0.42, metallic=0.9),
        "grip": surface((shade, shade, shade), roughness=0.35, specular=0.5),
    }
    made = []
    for (name, look), (_, faces), of in zip(
        looks.items(), parts, (slice(border), slice(border, None)), strict=True
    ):

        def at(held: Held, of: slice = of) -> Positions:
            moved: Positions = passage.moved(whole, held.time) + held.bones[4, :3, 3]
            return moved[of]

        made.append(Piece(name, OCCLUDER, look, faces, None, at))
    return made
