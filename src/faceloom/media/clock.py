"""Times that only go forward, whatever the file says."""

from dataclasses import dataclass, field
from fractions import Fraction

from faceloom.media.pictures import Notes

# A picture earlier by at most so many usual lengths is out of order; by more, a new beginning.
DISORDER = 4


@dataclass
class Clock:
    """Gives each picture its time in ticks, strictly later than the one before.

    A picture without a time follows the one before at the last known distance. One that is a
    little too early (or twice at the same time) comes one tick after the one before. Where the
    times jump back by more than that, as in joined recordings, all that follows is moved on.
    """

    timebase: Fraction
    usual: int
    notes: Notes
    last: int | None = field(default=None, init=False)
    step: int = field(init=False)
    moved: int = field(default=0, init=False)
    disordered: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """The first distance is the usual one."""
        self.step = self.usual

    def place(self, told: int | None) -> int:
        """The time for the next picture, which says it has the time `told`."""
        ticks = self.following(told)
        if self.last is not None:
            self.step = ticks - self.last
        self.last = ticks
        return ticks

    def following(self, told: int | None) -> int:
        """As `place`, but the clock stays where it is."""
        if told is None:
            return 0 if self.last is None else self.last + self.step
        if self.last is None or told + self.moved > self.last:
            return told + self.moved
        if self.last - told - self.moved > DISORDER * self.usual:
            self.notes.warn(
                f"its times jump back after {float(self.last * self.timebase):.3f} s; "
                "what follows is shown after what came before, sound may not fit any more"
            )
            self.moved = self.last + self.usual - told
            return self.last + self.usual
        self.disordered += 1
        return self.last + 1

    def report(self) -> None:
        """Note how many times had to be made up."""
        if self.disordered:
            self.notes.warn(
                f"{self.disordered} pictures came at or before the time of the one before; "
                "each is shown one tick after it"
            )
