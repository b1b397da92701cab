"""Faces parsed."""

from dataclasses import dataclass

from .columns import Count, Encoded, Word


@dataclass(frozen=True, slots=True)
class Parsed:
    """What each pixel of a face's crop shows."""

    kind: Word
    clip: Word
    person: Word
    frame: Count
    track: Count
    labels: Encoded  # the number of a label in each pixel
    face: Encoded  # how much of it is the face, as far as it is seen

    @property
    def key(self) -> tuple[str, int, int]:
        """What names a face in all tables."""
        return self.clip, self.frame, self.track
