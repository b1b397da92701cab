"""Faces chosen."""

from dataclasses import dataclass

from .columns import Count, Flag, Word


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a face is learnt from, and why not."""

    clip: Word
    frame: Count
    track: Count
    kept: Flag
    reason: Word

    @property
    def key(self) -> tuple[str, int, int]:
        """What names a face in all tables."""
        return self.clip, self.frame, self.track
