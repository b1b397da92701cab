"""Faces cut out."""

from dataclasses import dataclass

import numpy as np

from .columns import Count, Encoded, Flag, Matrix, Points, Word


@dataclass(frozen=True, slots=True)
class Face:
    """A face cut out of a frame; its landmarks in pixels of the frame."""

    clip: Word
    person: Word
    frame: Count
    track: Count
    bridged: Flag
    width: Count  # of the frame
    height: Count
    landmarks: Points
    matrix: Matrix
    mask: Encoded
    image: Encoded

    @property
    def points(self) -> np.ndarray:
        """The landmarks, float64 (68, 2)."""
        return np.asarray(self.landmarks, float).reshape(68, 2)

    @property
    def affine(self) -> np.ndarray:
        """The map from frame to crop, float64 (2, 3)."""
        return np.asarray(self.matrix, float).reshape(2, 3)

    @property
    def key(self) -> tuple[str, int, int]:
        """What names a face in all tables."""
        return self.clip, self.frame, self.track
