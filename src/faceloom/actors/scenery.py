"""Backgrounds, drawn by a seed: walls, shelves, tiles, a window, a night, trees, a paper roll."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.actors.motion import Draws

Picture = NDArray[np.floating[Any]]
SIDE = 768


def backdrop(name: str, draws: Draws) -> NDArray[np.uint8]:
    """A background by its name: (SIDE, SIDE, 3) RGB uint8."""
    made = SCENERY[name](draws)
    made = made + draws.normal(0, 0.006, made.shape).astype(np.float32)
    return np.rint(255 * np.clip(made, 0, 1)).astype(np.uint8)


def grid() -> tuple[Picture, Picture]:
    """x and y over the picture, 0..1."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32) / SIDE
    return x, y


def filled(colour: Any) -> Picture:
    """One colour everywhere."""
    return np.broadcast_to(np.array(colour, np.float32), (SIDE, SIDE, 3)).copy()


def muted(draws: Draws, low: float = 0.2, high: float = 0.8) -> NDArray[np.float64]:
    """A colour that a wall may have."""
    grey = draws.uniform(low, high)
    return np.clip(grey + draws.normal(0, 0.07, 3), 0.02, 0.98)


def blurred(picture: Picture, spread: float) -> Picture:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), spread), np.float32)


def box(picture: Picture, x: float, y: float, w: float, h: float, colour: Any) -> None:
    """A filled rectangle, by shares of the picture."""
    one, other = (round(x * SIDE), round(y * SIDE)), (round((x + w) * SIDE), round((y + h) * SIDE))
    cv2.rectangle(picture, one, other, [float(v) for v in colour], -1)


def cloudy(draws: Draws, cells: int) -> Picture:
    """Soft patches of light and dark, mean 0, about ±1."""
    coarse = draws.normal(0, 1, (cells, cells)).astype(np.float32)
    return cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).astype(np.float32)


def paper(draws: Draws) -> Picture:
    """A photographer's paper, brighter in the middle."""
    x, y = grid()
    middle = np.exp(-((x - draws.uniform(0.3, 0.7)) ** 2 + (y - 0.45) ** 2) / 0.18)
    return filled(muted(draws, 0.15, 0.6)) * (0.6 + 0.7 * middle[..., None])


def wall(draws: Draws) -> Picture:
    """A painted wall with a light across it, and pictures that hang there."""
    x, y = grid()
    made = filled(muted(draws, 0.35, 0.85))
    made *= (1 + 0.03 * cloudy(draws, 9) + draws.uniform(-0.5, 0.5) * (x - 0.5))[..., None]
    for _ in range(int(draws.integers(0, 4))):
        left, top = draws.uniform(-0.1, 0.85), draws.uniform(0.1, 0.5)
        wide, tall = draws.uniform(0.12, 0.3), draws.uniform(0.12, 0.3)
        box(made, left, top, wide, tall, draws.uniform(0.05, 0.4, 3))
        box(made, left + 0.012, top + 0.012, wide - 0.024, tall - 0.024, muted(draws))
        inner = blurred(filled(muted(draws)) + 0.25 * cloudy(draws, 40)[..., None], 6)
        rows = slice(max(round((top + 0.03) * SIDE), 0), max(round((top + tall - 0.03) * SIDE), 0))
        cols = slice(
            max(round((left + 0.03) * SIDE), 0), max(round((left + wide - 0.03) * SIDE), 0)
        )
        made[rows, cols] = inner[rows, cols]
    return blurred(made, draws.uniform(1, 5))


def shelf(draws: Draws) -> Picture:
    """Books on boards."""
    wood = np.array([0.42, 0.28, 0.17]) * draws.uniform(0.4, 1.4)
    made = filled(wood * 0.35)
    rows = int(draws.integers(4, 7))
    for row in range(rows):
        foot, x = (row + 1) / rows, -0.02
        while x < 1.02:
            wide, tall = draws.uniform(0.012, 0.045), draws.uniform(0.55, 0.92) / rows
            if draws.random() < 0.9:
                box(made, x, foot - tall, wide - 0.003, tall, draws.uniform(0.05, 0.8, 3))
                box(made, x, foot - 0.8 * tall, wide - 0.003, 0.01, draws.uniform(0.5, 0.9, 3))
            x += wide
        box(made, 0, foot - 0.018, 1, 0.018, wood)
    return blurred(made, draws.uniform(2, 5))


def tiles(draws: Draws) -> Picture:
    """Glazed tiles with a shadow across."""
    x, y = grid()
    made = filled((0.45, 0.47, 0.48))
    count, colour = int(draws.integers(8, 16)), muted(draws, 0.4, 0.8)
    side = 1 / count
    for row in range(count):
        for column in range(-1, count + 1):
            left = (column + 0.5 * (row % 2)) * side
            shade = colour * draws.uniform(0.87, 1.1)
            box(made, left + 0.003, row * side + 0.003, side - 0.006, side - 0.006, shade)
    edge = 1 / (1 + np.exp(-30 * (x * draws.uniform(-1, 1) + y * 0.6 - 0.3)))
    return blurred(made * (1.08 - 0.4 * edge[..., None]), draws.uniform(1.5, 4))


def window(draws: Draws) -> Picture:
    """A bright window with bars, curtains beside it."""
    x, y = grid()
    made = filled(muted(draws, 0.3, 0.6))
    left, wide = draws.uniform(0.05, 0.5), draws.uniform(0.3, 0.45)
    sky = np.array([0.75, 0.85, 0.95]) * draws.uniform(0.8, 1.1)
    inside = (x > left) & (x < left + wide) & (y > 0.08) & (y < 0.62)
    green = np.array([0.35, 0.5, 0.25]) + 0.12 * cloudy(draws, 30)[..., None]
    made[inside] = np.where((y > 0.42)[..., None], green, sky)[inside]
    for share in (0.0, 0.48, 0.97):
        box(made, left + share * wide, 0.06, 0.014, 0.58, (0.85, 0.85, 0.83))
    cloth = muted(draws, 0.4, 0.9)
    folds = 0.8 + 0.2 * np.sin(x * draws.uniform(90, 160))[..., None]
    aside = (np.abs(x - left + 0.06) < 0.08) | (np.abs(x - left - wide - 0.06) < 0.08)
    made = np.where(aside[..., None], cloth * folds, made)
    return blurred(made.astype(np.float32), draws.uniform(2, 5))


def night(draws: Draws) -> Picture:
    """Lights of a town, out of focus."""
    x, y = grid()
    made = filled((0.10, 0.12, 0.2)) * (1.3 - y[..., None])
    for _ in range(90):
        column, row = int(draws.integers(0, SIDE)), int(draws.integers(SIDE // 5, SIDE))
        glow = np.zeros((64, 64), np.float32)
        cv2.circle(glow, (32, 32), int(draws.integers(6, 30)), 1, -1, cv2.LINE_AA)
        top, left = max(row - 32, 0), max(column - 32, 0)
        part = made[top : row + 32, left : column + 32]
        glow = glow[top - row + 32 :, left - column + 32 :][: part.shape[0], : part.shape[1]]
        colours = ([0.75, 0.45, 0.15], [0.6, 0.55, 0.5], [0.65, 0.2, 0.2], [0.15, 0.4, 0.6])
        tint = np.array(colours[int(draws.integers(4))]) * draws.uniform(0.3, 0.9)
        part += (glow[..., None] * tint).astype(np.float32)
    return blurred(made, 2.0)


def trees(draws: Draws) -> Picture:
    """Leaves and sky, far out of focus."""
    x, y = grid()
    leaves = (
        filled((0.2, 0.34, 0.12))
        * (1 + 0.45 * cloudy(draws, 24) + 0.3 * cloudy(draws, 70))[..., None]
    )
    sky = filled((0.72, 0.82, 0.92))
    through = 1 / (1 + np.exp(-3 * (cloudy(draws, 14) - 1.1 + 2.4 * (0.35 - y))))
    return blurred(
        (leaves + through[..., None] * (sky - leaves)).astype(np.float32), draws.uniform(5, 9)
    )


SCENERY: Mapping[str, Callable[[Draws], Picture]] = {
    made.__name__: made for made in (paper, wall, shelf, tiles, window, night, trees)
}
