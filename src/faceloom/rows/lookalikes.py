"""Faces alike."""

from dataclasses import dataclass

from .columns import Count, Real, Word


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A face of another person that is like this one."""

    clip: Word
    frame: Count
    track: Count
    rank: Count
    other_clip: Word
    other_frame: Count
    other_track: Count
    distance: Real
