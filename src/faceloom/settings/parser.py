"""The face parser: on whom it is taught, and how."""

from __future__ import annotations

from pydantic import Field

from .actors import Actors
from .forms import Settings


class Variation(Settings):
    """How far rendered faces are varied before they are learnt."""

    rotation: float = Field(6.0, ge=0)
    """Standard deviation, in degrees."""
    zoom: float = Field(0.06, ge=0, lt=1)
    shift: float = Field(0.03, ge=0, lt=1)
    """A share of the crop, as zoom; standard deviations."""
    occluders: float = Field(0.6, ge=0, lt=1)
    """How often something is drawn before a face, or taken from another picture."""
    backdrop: float = Field(0.5, ge=0, le=1)
    """How often something else is put behind a head."""
    recolour: float = Field(0.6, ge=0, le=1)
    """How often hair, cloth and skin get other colours."""
    damage: float = Field(0.7, ge=0, le=1)
    """How often a camera's faults are added: few pixels, blur, noise, compression."""


class Parser(Settings):
    """A network that says what each pixel of a face's crop shows, taught on rendered people."""

    people: int = Field(64, ge=1)
    """So many people drawn by chance, a shot each."""
    shots: Actors = Actors(frames=6, every=9, size=192, samples=4, occluder="any")
    """How they are rendered."""
    cast: int = Field(1, ge=0)
    """The seed that they are drawn by."""
    begin: str | None = None
    """A file with a network to go on from, as data/models/face_parser.pt; otherwise it is new."""
    steps: int = Field(3000, ge=1)
    batch: int = Field(16, ge=1)
    rate: float = Field(3e-3, gt=0)
    """The highest learning rate of AdamW, falling along a cosine."""
    decay: float = Field(1e-4, ge=0)
    """How much of themselves weights lose each step, times the rate."""
    average: float = Field(0.995, ge=0, lt=1)
    """The share that the kept weights have of their average each step."""
    variation: Variation = Variation()
    save: int = Field(50, ge=1)
    """Steps after which a training that is broken off can go on."""
    seed: int = Field(0, ge=0)
    threads: int = Field(1, ge=1)
    """Of the CPU; the last bits depend on them."""
