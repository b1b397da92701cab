"""Glasses, fitted to whoever wears them: rims, a bridge, temples to the ears, thin lenses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.body import SKIN, Body, skinned
from faceloom.actors.formats import Positions
from faceloom.actors.labels import GLASSES
from faceloom.actors.person import Glasses
from faceloom.actors.pieces import Piece, shading, surface
from faceloom.actors.tubes import Faces, together, tube

SHAPES = {"round": (0.235, 0.215, 2.0), "square": (0.27, 0.19, 4.0), "aviator": (0.275, 0.22, 2.6)}
WRAP = 0.16  # how the front bends back towards the temples, per dm
GAP = 0.05  # dm between the front and the skin
POINTS = 40


def glasses(told: Glasses, body: Body, rest: Positions) -> list[Piece]:
    """Frames and lenses on a body at rest; they go with the head."""
    eyes = {side: body.eye(rest, side) for side in "lr"}
    skin = rest[:SKIN]
    wide, tall, power = SHAPES[told.style]
    outlines = {side: outline(eyes[side], wide, tall, power, told.style) for side in "lr"}
    front = placed(skin, outlines)
    rims = {side: bent(points, front) for side, points in outlines.items()}
    radius = told.thickness / 2
    lines = [tube(rim, radius, closed=True) for rim in rims.values()]
    lines.append(tube(bridge(rims, skin), 0.8 * radius))
    lines += [
        tube(temple(rims[side], skin, sign), 0.8 * radius) for side, sign in (("l", 1), ("r", -1))
    ]
    metal = 0.8 if told.style == "aviator" else 0.0
    frame = surface(told.colour, roughness=0.3, specular=0.5, metallic=metal)
    clear = shading("lens", (1, 1, 1), None, 0.14, 0.5)
    return [
        fixed("frame", *together(lines), frame),
        fixed("lenses", *together([filled(rim) for rim in rims.values()]), clear),
    ]


def fixed(name: str, shape: Positions, faces: Faces, material: dict[str, object]) -> Piece:
    """A piece that goes with the head and does not bend."""
    head = np.tile([0.0, 0.0, 0.0, 1.0], (len(shape), 1))
    return Piece(
        name, GLASSES, material, faces, None, lambda held: skinned(shape, head, held.bones)
    )


def outline(
    eye: Positions, wide: float, tall: float, power: float, style: str
) -> NDArray[np.float64]:
    """A rim seen from ahead, round an eye: (POINTS, 2); a superellipse, aviators hang outwards."""
    turns = 2 * np.pi * np.arange(POINTS) / POINTS
    x, y = np.cos(turns), np.sin(turns)
    x, y = np.sign(x) * np.abs(x) ** (2 / power), np.sign(y) * np.abs(y) ** (2 / power)
    if style == "aviator":
        y = np.where(y < 0, y * (1.15 + 0.12 * x * np.sign(eye[0])), 0.85 * y)
    middle = eye[0] + 0.02 * np.sign(eye[0])
    return np.stack([middle + wide * x, eye[1] - 0.04 + tall * y], -1)


def placed(skin: Positions, outlines: dict[str, NDArray[np.float64]]) -> float:
    """How far ahead the front has to be so that rims touch no skin."""
    far = 0.0
    for points in outlines.values():
        low, high = points.min(0) - 0.03, points.max(0) + 0.03
        inside = ((skin[:, :2] > low) & (skin[:, :2] < high)).all(1) & (skin[:, 2] > 0.8)
        inside &= np.abs(skin[:, 0]) > 0.13  # the nose is the bridge's
        near = skin[inside]
        far = max(far, float((near[:, 2] + WRAP * near[:, 0] ** 2).max()))
    return far + GAP


def bent(points: NDArray[np.float64], front: float) -> Positions:
    """A rim in space."""
    rim: Positions = np.c_[points, front - WRAP * points[:, 0] ** 2]
    return rim


def bridge(rims: dict[str, Positions], skin: Positions) -> Positions:
    """From rim to rim over the nose."""
    left = rims["l"][np.argmin(rims["l"][:, 0] - 0.4 * rims["l"][:, 1])]
    right = left * [-1, 1, 1]
    nose = skin[(np.abs(skin[:, 0]) < 0.08) & (np.abs(skin[:, 1] - left[1]) < 0.08)]
    top = max(float(nose[:, 2].max()) + 0.04, float(left[2]))
    share = np.linspace(0, 1, 9)[:, None]
    arc = (1 - share) * left + share * right
    arc[:, 2] += (top - left[2]) * np.sin(np.pi * share[:, 0])
    arc[:, 1] += 0.03 * np.sin(np.pi * share[:, 0])
    return np.asarray(arc)


def temple(rim: Positions, skin: Positions, sign: int) -> Positions:
    """From a rim's outer end back over the ear."""
    hinge = rim[np.argmax(rim[:, 0] * sign + 0.5 * rim[:, 1])]
    # The temple of the head, ahead of the ear, tells how wide it is.
    beside = (np.abs(skin[:, 1] - hinge[1]) < 0.12) & (skin[:, 2] > 0.75) & (skin[:, 2] < 1.0)
    out = float(np.abs(skin[beside & (skin[:, 0] * sign > 0), 0]).max()) + 0.04
    corner = np.array([sign * max(out, abs(hinge[0]) + 0.02), hinge[1], hinge[2] - 0.1])
    ear = np.array([sign * (out + 0.06), hinge[1] + 0.02, 0.3])
    behind = np.array([sign * out, hinge[1] - 0.2, 0.1])
    line: Positions = np.array([hinge, corner, (corner + ear) / 2, ear, behind])
    return line


def filled(rim: Positions) -> tuple[Positions, Faces]:
    """The lens within a rim."""
    count = len(rim)
    return np.r_[rim, rim.mean(0)[None]], [[k, (k + 1) % count, count] for k in range(count)]
