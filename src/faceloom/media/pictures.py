"""What a clip is made of: pictures, each with its time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

log = logging.getLogger(__name__)

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Moment:
    """When a picture is shown; the fields are those of `Picture`."""

    frame: int
    ticks: int
    length: int
    timebase: Fraction
    keyframe: bool

    @property
    def seconds(self) -> Fraction:
        """When it appears."""
        return self.ticks * self.timebase

    @property
    def duration(self) -> Fraction:
        """How long it stays, in seconds."""
        return self.length * self.timebase


@dataclass(frozen=True)
class Picture:
    """One picture of a clip.

    Attributes:
        frame: its number in the order of showing, from 0.
        image: RGB uint8 (H, W, 3), upright, with square pixels.
        ticks: when it appears, in units of `timebase`; grows strictly from picture to picture.
        length: how long it stays, in the same units: up to the next picture.
        timebase: seconds in a tick.
        keyframe: whether it was stored whole.
    """

    frame: int
    image: Image
    ticks: int
    length: int
    timebase: Fraction
    keyframe: bool

    @property
    def seconds(self) -> Fraction:
        """When it appears."""
        return self.ticks * self.timebase

    @property
    def duration(self) -> Fraction:
        """How long it stays, in seconds."""
        return self.length * self.timebase


@dataclass(frozen=True)
class Shot:
    """A picture that can be looked at, but was not yet.

    Attributes:
        ticks: when it appears.
        length: how long it says that it stays; the next one's time overrules it.
        timebase: seconds in a tick.
        keyframe: whether it was stored whole.
        look: gives its pixels.
    """

    ticks: int
    length: int
    timebase: Fraction
    keyframe: bool
    look: Callable[[], Image]


@dataclass
class Notes:
    """What was wrong with a clip that could be read nevertheless."""

    name: str
    damaged: int = 0
    warnings: list[str] = field(default_factory=list)

    def warn(self, what: str) -> None:
        """Remember a sentence, once, and log it."""
        if what not in self.warnings:
            self.warnings.append(what)
            log.warning("%s: %s", self.name, what)
