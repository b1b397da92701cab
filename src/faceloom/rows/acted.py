"""What a rendered person does in a frame."""

from dataclasses import make_dataclass
from typing import TYPE_CHECKING, Any

from ..networks.blendshape_names import NAMES
from .columns import Count, Points, Real, Word

UNITS = (*NAMES[1:], "tongueOut")
COLUMNS: list[tuple[str, Any]] = [
    ("frame", Count),
    ("yaw", Real),
    ("pitch", Real),
    ("roll", Real),
    ("gaze_yaw", Real),
    ("gaze_pitch", Real),
    ("landmarks", Points),
    ("light", Word),
    ("key", Real),
    ("azimuth", Real),
    *((unit, Real) for unit in UNITS),
]

if TYPE_CHECKING:

    class Acted:
        """A frame; the 52 expression units are columns by their ARKit names."""

        frame: int
        yaw: float
        pitch: float
        roll: float
        gaze_yaw: float
        gaze_pitch: float
        landmarks: list[float]
        light: str
        key: float
        azimuth: float

        def __init__(self, **columns: Any) -> None:
            """By the columns' names."""

else:
    Acted = make_dataclass("Acted", COLUMNS, frozen=True, slots=True)
    Acted.__doc__ = "A frame of a rendered shot."
    Acted.__module__ = __name__
