"""Facts about faces."""

from dataclasses import dataclass

from .columns import Count, Vector, Word


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of fact about a face, as numbers."""

    kind: Word
    clip: Word
    person: Word
    frame: Count
    track: Count
    values: Vector

    @property
    def key(self) -> tuple[str, int, int]:
        """What names a face in all tables."""
        return self.clip, self.frame, self.track
