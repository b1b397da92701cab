"""A pinhole camera, and where its picture shows things."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.body import turn
from faceloom.actors.formats import Positions

LOOKED_AT = np.array([0.0, 8.05, 0.6])  # where the face's middle is at rest


@dataclass(frozen=True)
class Camera:
    """Where a camera is, how it is turned and how wide it sees.

    Attributes:
        position: decimetres.
        angles: yaw, pitch and roll in degrees as heads have them; at 0 it looks along -z.
        half: tangent of half the angle of view.
    """

    position: tuple[float, float, float]
    angles: tuple[float, float, float]
    half: float

    @property
    def rotation(self) -> NDArray[np.float64]:
        """(3, 3) from the camera's axes, which look along -z, to the world's."""
        return turn(*self.angles)

    def seen(self, positions: Positions, size: int) -> NDArray[np.float64]:
        """Where points (N, 3) lie in a square picture: (N, 2), pixel centres at whole numbers."""
        away = (positions - np.array(self.position)) @ self.rotation
        scale = size / (2 * self.half * -away[:, 2])
        middle = size / 2 - 0.5
        return np.stack([middle + scale * away[:, 0], middle - scale * away[:, 1]], -1)

    def from_here(self, rotation: NDArray[np.float64]) -> NDArray[np.float64]:
        """A rotation in the world, as this camera sees it."""
        relative: NDArray[np.float64] = self.rotation.T @ rotation
        return relative


def towards(position: tuple[float, float, float], aim: NDArray[np.float64]) -> tuple[float, float]:
    """Yaw and pitch, in degrees, of a camera that looks from there at a point."""
    along = np.array(position) - aim
    yaw = np.degrees(np.arctan2(along[0], along[2]))
    pitch = -np.degrees(np.arctan2(along[1], np.hypot(along[0], along[2])))
    return float(yaw), float(pitch)
