"""What is learnt and how: train."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from .forms import Settings
from .losses import Dssim, Losses
from .models import Models, Small


class Augmentation(Settings):
    """How a batch is varied before it is learnt."""

    rotation: float = Field(3.0, ge=0, le=180)
    """Degrees, either way."""
    zoom: float = Field(0.015, ge=0, lt=1)
    shift: float = Field(0.015, ge=0, lt=1)
    """A share of the crop."""
    warp: float = Field(0.015, ge=0, lt=0.2)
    """Standard deviation of the warp grid's knots, as a share of the crop."""
    flip: float = Field(0.0, ge=0, le=1)
    """How often a face is mirrored."""
    brightness: float = Field(0.03, ge=0, lt=1)
    """A share of the range, either way; the same light on what is seen and what is painted."""
    contrast: float = Field(0.1, ge=0, lt=1)
    colour: float = Field(0.03, ge=0, lt=1)
    """How much each of red, green and blue is scaled, either way."""
    shade: float = Field(0.15, ge=0, lt=1)
    """How much brighter one edge may be than the middle, from any side."""
    backdrop: float = Field(0.7, ge=0, le=1)
    """How often random colours are put behind the face that is seen, so that it alone counts."""


class Train(Settings):
    """A generator that knows everybody in its cast."""

    reads = ("crop", "curate", "augment")
    cast: str | None = None
    """A cast by name; otherwise the host and the donor."""
    model: Models = Small()
    losses: Losses = Losses(dssim=Dssim())
    augmentation: Augmentation = Augmentation()
    colours: Literal["common", "own"] = "common"
    """Everybody's colours moved to the cast's mean before, and back after; or left as they are."""
    steps: int = Field(2000, ge=1)
    batch: int = Field(16, ge=1)
    """Faces of each person in a step."""
    rate: float = Field(7e-4, gt=0)
    warmup: int = Field(50, ge=0)
    flat: float = Field(0.5, ge=0, le=1)
    """The share of the steps before the rate begins to fall along a cosine."""
    clip: float = Field(1.0, gt=0)
    """The longest gradient."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """auto: bf16 where the processor computes in it."""
    threads: int = Field(2, ge=1)
    """Sums depend on it, so it is no matter of the machine."""
    seed: int = Field(0, ge=0)
    save: int = Field(200, ge=1)
    """Steps from one checkpoint to the next."""
    preview: int = Field(200, ge=1)
    """Steps from one picture of the previews' film to the next."""

    @model_validator(mode="after")
    def _mask_is_taught(self) -> Self:
        paints, of_masks = self.model.mask is not None, self.losses.of_masks()
        if of_masks and not paints:
            raise ValueError(f"losses.{of_masks[0].kind} needs a mask: set model.mask: alpha")
        if paints and not self.losses.teach_masks():
            raise ValueError("nothing teaches the mask that model.mask paints: set losses.mask")
        return self
