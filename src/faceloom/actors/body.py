"""The base mesh as a body: who somebody is, what the face does, how the head is held."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.assets import MAKEHUMAN, Assets
from faceloom.actors.formats import Indices, Mesh, Positions
from faceloom.actors.person import Person

SKIN = 13380  # the vertices before this one are skin; behind it are helpers
EYES_AT = np.array([0.0, 8.22, 1.30])  # where the middle of the eyes is put, whoever it is
NECK = ("neck01", "neck02", "neck03")
SHARES = (0.12, 0.14, 0.16, 0.58)  # of a turn of the head, by bone from the neck up
WITH_HEAD = ("eye", "teeth", "hair", "lash", "tongue")  # helpers that go with the head


class Body:
    """The base mesh with its rig."""

    def __init__(self, assets: Assets) -> None:
        """Read the mesh and the rig."""
        self.assets = assets
        self.mesh: Mesh = assets.mesh(f"{MAKEHUMAN.removeprefix('assets/')}/3dobjs/base")
        self.bones, self.followed = assets.rig()

    @cached_property
    def groups(self) -> dict[str, Indices]:
        """Vertices by group, joints left out."""
        names = sorted({name for name in self.mesh.groups if not name.startswith("joint")})
        return {name: self.mesh.members(name) for name in names}

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """How vertices follow the three bones of the neck and the head: (V, 4)."""
        weights = np.zeros((len(self.mesh.positions), 4))
        for column, bones in enumerate([*([name] for name in NECK), self.under("head")]):
            for bone in bones:
                for vertex, share in self.followed.get(bone, []):
                    weights[vertex, column] += share
        weights /= np.maximum(weights.sum(1, keepdims=True), 1)
        for name, members in self.groups.items():
            if any(word in name for word in WITH_HEAD):
                weights[members[weights[members].sum(1) < 1e-6], 3] = 1
        return weights

    def under(self, bone: str) -> list[str]:
        """A bone and all that hang on it."""
        hung = [name for name, told in self.bones["bones"].items() if told["parent"] == bone]
        return [bone, *(each for name in hung for each in self.under(name))]

    def joint(self, positions: Positions, bone: str) -> Positions:
        """Where a bone begins in this body: (3,)."""
        around = self.bones["joints"][f"{bone}____head"]
        middle: Positions = positions[around].mean(0)
        return middle

    def eye(self, positions: Positions, side: str) -> Positions:
        """The middle of an eyeball, `l` or `r`: (3,)."""
        middle: Positions = positions[self.groups[f"helper-{side}-eye"]].mean(0)
        return middle

    def centred(self, positions: Positions) -> Positions:
        """The body moved so that its eyes are where everybody's are."""
        middle = (self.eye(positions, "l") + self.eye(positions, "r")) / 2
        return positions + (EYES_AT - middle)

    def shaped(self, person: Person) -> Positions:
        """Somebody's body at rest: (V, 3)."""
        positions = self.mesh.positions.copy()
        for name, weight in person.targets().items():
            if abs(weight) > 1e-6:
                self.assets.target(name).add(positions, weight)
        return self.centred(positions)

    def express(self, positions: Positions, units: Mapping[str, float]) -> Positions:
        """The face with expression units: weights 0..1 by name."""
        moved = positions.copy()
        for name, weight in units.items():
            if weight > 1e-6:
                self.assets.unit(name).add(moved, weight)
        return moved


def turn(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """Degrees to a rotation (3, 3): Ry(yaw) Rx(pitch) Rz(roll).

    Yaw: + turns the face to the picture's right. Pitch: + looks down. Roll: + tilts the head to
    the picture's right.
    """
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), np.sin(r), 0], [-np.sin(r), np.cos(r), 0], [0, 0, 1]])
    rotation: NDArray[np.float64] = about_y @ about_x @ about_z
    return rotation


def angles(rotation: NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees: the inverse of `turn`."""
    yaw = np.arctan2(rotation[0, 2], rotation[2, 2])
    pitch = np.arcsin(np.clip(-rotation[1, 2], -1, 1))
    roll = np.arctan2(-rotation[1, 0], rotation[1, 1])
    return float(np.degrees(yaw)), float(np.degrees(pitch)), float(np.degrees(roll))


def held(
    body: Body, rest: Positions, pose: tuple[float, float, float], shift: tuple[float, float, float]
) -> NDArray[np.float64]:
    """How the neck's bones, the head and the trunk lie: (5, 4, 4), the trunk last.

    `pose` is what the head is asked for, in degrees; bones share it, so the sum differs a little.
    """
    moved = np.eye(4)
    moved[:3, 3] = shift
    bones = []
    trunk = moved.copy()
    for bone, share in zip((*NECK, "head"), SHARES, strict=True):
        joint, rotation = body.joint(rest, bone), turn(*(share * angle for angle in pose))
        local = np.eye(4)
        local[:3, :3], local[:3, 3] = rotation, joint - rotation @ joint
        moved = moved @ local
        bones.append(moved)
    return np.stack([*bones, trunk])


def skinned(
    positions: Positions, weights: NDArray[np.float64], bones: NDArray[np.float64]
) -> Positions:
    """Vertices (V, 3) moved with bones (5, 4, 4) by weights (V, 4); what is left is the trunk's."""
    whole = np.c_[weights, 1 - weights.sum(1)]
    blended = np.einsum("vb,bij->vij", whole, bones[:, :3])
    moved: Positions = np.einsum("vij,vj->vi", blended, np.c_[positions, np.ones(len(positions))])
    return moved
