"""Faces followed."""

from dataclasses import dataclass

from .columns import Box, Count, Flag, Points


@dataclass(frozen=True, slots=True)
class Sighting:
    """A followed face in a frame, steadied; bridged where the detector did not see it."""

    frame: Count
    track: Count
    box: Box
    landmarks: Points
    bridged: Flag
