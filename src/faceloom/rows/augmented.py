"""Faces with features of others."""

from dataclasses import dataclass

from .columns import Count, Encoded, Flag, Real, Word


@dataclass(frozen=True, slots=True)
class Augmented:
    """A face with another's features, what was put in, and how well it was blended."""

    clip: Word
    person: Word
    frame: Count
    track: Count
    parts: Word
    other_clip: Word
    other_frame: Count
    quality: Real
    kept: Flag
    mask: Encoded
    image: Encoded

    @property
    def key(self) -> tuple[str, int, int]:
        """What names the face it was made of."""
        return self.clip, self.frame, self.track
