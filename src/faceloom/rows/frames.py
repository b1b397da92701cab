"""The frames of a clip."""

from dataclasses import dataclass

from .columns import Count, Flag, Real, Ticks, Word


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a clip: when it is shown, and what it is like."""

    frame: Count
    ticks: Ticks
    length: Ticks
    timebase: Word  # seconds a tick, as a fraction: "1/12800"
    seconds: Real
    duration: Real
    keyframe: Flag
    sharpness: Real
    scene: Count
    duplicate: Flag
