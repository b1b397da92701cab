"""Faces found."""

from dataclasses import dataclass

from .columns import Box, Count, Points, Real


@dataclass(frozen=True, slots=True)
class Detection:
    """A face found in a frame."""

    frame: Count
    box: Box
    score: Real
    landmarks: Points
