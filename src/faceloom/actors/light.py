"""Lamps round a person, and how they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from faceloom.actors.motion import Curve, Draws, eased

Tint = tuple[float, float, float]
Course = Literal["steady", "sweep", "dim", "switch", "flicker", "warm"]
COURSES: tuple[Course, ...] = ("steady", "sweep", "dim", "switch", "flicker", "warm")


@dataclass(frozen=True)
class Light:
    """Lamps at one instant.

    Attributes:
        key: the main lamp's power; 1 is the studio's.
        azimuth: where it stands, degrees to the picture's right of the camera.
        height: of the lamp, in decimetres (the face is at 8).
        spread: the lamp's side, in decimetres.
        colour: of its light.
        fill, fill_colour: the soft lamp beside the camera.
        rim: the lamp behind.
        around: light from everywhere.
    """

    key: float = 1.0
    azimuth: float = -38.0
    height: float = 12.0
    spread: float = 5.0
    colour: Tint = (1.0, 0.95, 0.88)
    fill: float = 1.0
    fill_colour: Tint = (0.85, 0.92, 1.0)
    rim: float = 1.0
    around: float = 1.0


SET_UPS: Mapping[str, Light] = {
    "studio": Light(),
    "window": Light(1.15, -62, 10, 9, (0.92, 0.97, 1.0), 0.55, (1, 0.95, 0.88), 0.2, 0.9),
    "lamp": Light(0.85, 48, 10.5, 2, (1.0, 0.80, 0.58), 0.35, (0.7, 0.8, 1.0), 0.4, 0.5),
    "overcast": Light(0.45, 10, 14, 14, (0.95, 0.98, 1.0), 0.8, (0.95, 0.98, 1.0), 0.4, 2.2),
    "sun": Light(1.35, 35, 15, 1.2, (1.0, 0.93, 0.80), 0.4, (0.75, 0.86, 1.0), 0.6, 1.1),
    "office": Light(0.8, -8, 15, 10, (0.96, 1.0, 0.95), 0.9, (1, 1, 1), 0.2, 1.2),
    "evening": Light(0.5, -50, 9, 3, (1.0, 0.72, 0.45), 0.25, (0.55, 0.65, 1.0), 1.2, 0.35),
    "backlit": Light(0.4, -30, 11, 6, (1.0, 0.96, 0.9), 0.7, (0.9, 0.95, 1.0), 3.0, 0.9),
}


class Lamps:
    """A set-up and its course over some seconds."""

    def __init__(self, draws: Draws, name: str, course: Course, seconds: float) -> None:
        """Draw when and how far it changes."""
        self.name, self.course = name, course
        self.base = SET_UPS[name]
        start = draws.uniform(0.15, 0.5) * seconds
        self.share: Curve = lambda time: eased((time - start) / max(0.4 * seconds, 0.04))
        self.hard: Curve = lambda time: float(start < time < start + 0.35 * seconds)
        self.to = float(draws.uniform(40, 80) * draws.choice([-1, 1]))
        self.phase = draws.uniform(0, 2 * np.pi)

    def at(self, time: float) -> Light:
        """The lamps at a time in seconds."""
        light, share = self.base, self.share(time)
        if self.course == "sweep":
            return replace(light, azimuth=light.azimuth + share * self.to)
        if self.course == "dim":
            return replace(light, key=light.key * (1 - 0.55 * share))
        if self.course == "switch":
            off = self.hard(time)
            return replace(light, key=light.key * (1 - 0.75 * off), rim=light.rim * (1 + 0.5 * off))
        if self.course == "warm":
            return replace(light, colour=mixed(light.colour, (1.0, 0.75, 0.5), share))
        if self.course == "flicker":
            level = 0.5 + 0.5 * np.sin(9.2 * time + 2 * np.sin(3.1 * time) + self.phase)
            tint = mixed((0.62, 0.8, 1.25), (1.2, 0.72, 0.95), float(level))
            return replace(light, key=light.key * (1 - 0.3 * float(level)), colour=tint)
        return light


def mixed(one: Tint, other: Tint, share: float) -> Tint:
    """A colour between two."""
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(one, other, strict=True))
    return red, green, blue
