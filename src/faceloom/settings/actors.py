"""Rendered people: the camera, the light, and what makes a film of what is rendered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .forms import Settings

Scenery = Literal["any", "paper", "wall", "shelf", "tiles", "window", "night", "trees"]
SetUp = Literal[
    "any", "studio", "window", "lamp", "overcast", "sun", "office", "evening", "backlit"
]
Course = Literal["any", "steady", "sweep", "dim", "switch", "flicker", "warm"]
Move = Literal["any", "still", "handheld", "push", "pan"]
Occluder = Literal["any", "none", "hand", "microphone"]


class Actors(Settings):
    """How a shot is taken; `any` is drawn by the seed."""

    frames: int = Field(50, ge=1)
    """Of each shot."""
    size: int = Field(256, ge=64, le=1024, multiple_of=2)
    """Pixels, in width and height."""
    samples: int = Field(8, ge=1)
    """Paths of light a pixel; noise is taken out afterwards."""
    rate: int = Field(25, ge=1, le=60)
    """Frames a second."""
    every: int = Field(1, ge=1)
    """Of the script's frames, every so manieth is rendered."""
    lively: float = Field(1.0, ge=0, le=2)
    """How far heads turn; at 1 up to some 35 degrees."""
    scenery: Scenery = "any"
    light: SetUp = "any"
    course: Course = "any"
    """How the light changes."""
    move: Move = "any"
    """What the camera does."""
    distance: float = Field(0, ge=0, le=60)
    """From the camera to the face in decimetres, which sets the focal length; 0: 8 to 25, drawn."""
    glasses: bool = True
    """Whether people who are drawn may wear them; the cast sheet's keep theirs."""
    occluder: Occluder = "none"
    """What passes before the face."""
    aperture: float = Field(0, ge=0, le=32)
    """The lens's f-number, of a 50 mm lens; 0 is sharp everywhere."""
    focus: float = Field(0.0, ge=-10, le=10)
    """How far behind the face it is sharp, in decimetres."""
    shutter: float = Field(0.0, ge=0, le=1)
    """For how much of a frame's time the shutter is open: blurs what moves."""
    noise: float = Field(0.0, ge=0, le=1)
    """Of the sensor; 1 is a telephone at night."""
    tone: Literal["match", "own"] = "match"
    """A twin's face in the tone of the host's skin, or in the donor's own."""
    quality: int = Field(16, ge=1, le=51)
    """x264's constant rate factor: lower is better and larger."""
    pictures: bool = False
    """Whether the pictures are also kept as they were before compression."""
    twin: bool = True
    """Whether the shot is also rendered with the donor's face."""
    audition: bool = True
    """Whether people who are drawn are looked at first, and drawn again if they cannot be shown."""
    threads: int = Field(1, ge=1)
    """Of each of the renderer's processes."""
