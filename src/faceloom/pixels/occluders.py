"""Things drawn before a face: hands, sticks with a knob, boards and blobs; by chance.

Rough stand-ins for what passes before a face, as occlusion-robust methods paste them (Nirkin et
al. 2018, "On Face Segmentation, Face Swapping, and Face Perception", section III). Shapes and
colours vary far beyond what is seen, so that a network learns to see what is no face.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from faceloom.pixels.arrays import Floats, Mask

_FINER = 2  # shapes are drawn on a grid so much finer, then averaged
Reals = NDArray[np.floating]


def drawn(size: int, skin: Reals, rng: Generator) -> tuple[Floats, Mask]:
    """An occluder: its picture (size, size, 3), RGB 0..255, and where it is.

    Args:
        size: width and height.
        skin: (3,), the colour of the face's own skin, which a hand may have.
        rng: chance.
    """
    kind = rng.choice(["hand", "stick", "board", "blob"], p=[0.45, 0.25, 0.15, 0.15])
    shape = {"hand": _hand, "stick": _stick, "board": _board, "blob": _blob}[kind](size, rng)
    if kind == "hand" and rng.random() < 0.8:
        tone = np.asarray(skin) * rng.uniform(0.6, 1.35) * rng.uniform(0.9, 1.1, 3)
        rough = rng.uniform(2, 10)
    else:
        tone = rng.uniform(0, 255, 3) if rng.random() < 0.6 else np.full(3, rng.uniform(5, 120))
        rough = rng.uniform(2, 40)
    return _lit(shape, tone, rough, rng), shape


def noise(size: int, grain: float, rng: Generator) -> Floats:
    """Smooth colours by chance (size, size, 3), around 0, as strong as 1; grain: of a patch, px."""
    side = max(2, round(size / max(grain, 1.0)))
    small = rng.normal(0, 1, (side, side, 3)).astype(np.float32)
    return np.asarray(cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC), np.float32)


def _lit(shape: Mask, tone: Reals, rough: float, rng: Generator) -> Floats:
    """A round body of that colour: brighter towards a lamp, darker along its edge."""
    size = len(shape)
    depth = cv2.distanceTransform((shape > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    depth = np.sqrt(cv2.GaussianBlur(np.minimum(depth, 0.08 * size), (0, 0), 0.012 * size))
    down, across = np.gradient(depth)
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0.1, 0.9) * (np.cos(angle) * across + np.sin(angle) * down)
    rim = 0.55 + 0.45 * np.minimum(depth / max(float(depth.max()), 1e-6) * 1.6, 1)
    light *= rim if rng.random() < 0.7 else 1.0
    grain = noise(size, float(rng.uniform(1, 30)), rng) * rough
    return np.asarray(np.clip(tone * light[..., None] + grain, 0, 255), np.float32)


def _hand(size: int, rng: Generator) -> Mask:
    """A palm with some fingers and a wrist, from one of the sides."""
    wide = size * rng.uniform(0.055, 0.11)  # of a finger
    at = size * rng.uniform(0.15, 0.85, 2)
    came = rng.uniform(0, 2 * np.pi)
    forth = np.array([np.cos(came), np.sin(came)])
    aside = np.array([-forth[1], forth[0]])
    bones = [(at, at - forth * size * 1.5, wide * rng.uniform(1.4, 2.2))]  # the wrist, outwards
    for number in range(int(rng.integers(1, 5))):
        root = at + aside * wide * (number - 1.5) * rng.uniform(0.9, 1.1)
        bones.append((at, root, wide * 1.3))
        turn = came + (number - 1.5) * rng.uniform(0.0, 0.25) + rng.normal(0, 0.1)
        for _ in range(3):
            tip = root + np.array([np.cos(turn), np.sin(turn)]) * wide * rng.uniform(0.8, 1.6)
            bones.append((root, tip, wide * 0.5))
            root, turn = tip, turn + rng.normal(0, 0.35)
    if rng.random() < 0.6:  # the thumb
        away = at + aside * wide * rng.choice([-2.6, 2.6]) + forth * wide * rng.uniform(-1, 1.5)
        bones.append((at, away, wide * 0.62))
    return _strokes(bones, size)


def _stick(size: int, rng: Generator) -> Mask:
    """A microphone, a spoon, a pen: a stick with or without a knob at its end."""
    end = size * rng.uniform(0.2, 0.9, 2)
    came = rng.uniform(0, 2 * np.pi) if rng.random() < 0.4 else np.pi / 2 + rng.normal(0, 0.5)
    far = end + np.array([np.cos(came), np.sin(came)]) * size * 1.5
    wide = size * rng.uniform(0.015, 0.07)
    bones = [(end, far, wide)]
    if rng.random() < 0.75:
        bones.append((end, end + rng.normal(0, 0.01 * size, 2), wide * rng.uniform(1.3, 2.6)))
    return _strokes(bones, size)


def _board(size: int, rng: Generator) -> Mask:
    """A phone, a sheet, a bar: four straight edges."""
    middle = size * rng.uniform(0, 1, 2)
    half = size * rng.uniform(0.05, 0.35, 2)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    corners += rng.normal(0, 0.02 * size, (4, 2))
    turn = rng.uniform(0, np.pi)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return _polygon(middle + corners @ spin.T, size)


def _blob(size: int, rng: Generator) -> Mask:
    """Something round and uneven."""
    around = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    radii = np.ones(24)
    for wave in range(1, 4):
        radii += rng.uniform(0, 0.25) * np.cos(wave * around + rng.uniform(0, 2 * np.pi))
    reach = size * rng.uniform(0.06, 0.25) * radii * rng.uniform(0.6, 1.4)
    points = np.stack([np.cos(around), np.sin(around)], 1) * reach[:, None]
    return _polygon(size * rng.uniform(0, 1, 2) + points, size)


def _strokes(bones: Sequence[tuple[Reals, Reals, float]], size: int) -> Mask:
    """Thick lines (from, to, radius) with round ends."""
    canvas = np.zeros((size * _FINER, size * _FINER), np.float32)
    for start, end, radius in bones:
        ends = [tuple(np.rint(np.clip(p, -size, 2 * size) * _FINER * 16).astype(int).tolist())
                for p in (start, end)]  # fmt: skip
        thick = max(1, round(2 * float(radius) * _FINER))
        cv2.line(canvas, ends[0], ends[1], 1.0, thick, cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(canvas, (size, size), interpolation=cv2.INTER_AREA), np.float32)


def _polygon(points: Reals, size: int) -> Mask:
    canvas = np.zeros((size * _FINER, size * _FINER), np.float32)
    cv2.fillPoly(canvas, [np.rint(points * _FINER * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(canvas, (size, size), interpolation=cv2.INTER_AREA), np.float32)
