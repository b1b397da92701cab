"""Decoders of VGG19's layers, for WCT: how they are taught."""

from __future__ import annotations

from pydantic import Field

from .forms import Settings


class Decoder(Settings):
    """A network that paints a picture by the features of a layer, taught on the clips to learn."""

    steps: int = Field(600, ge=1)
    batch: int = Field(4, ge=1)
    size: int = Field(128, ge=32)
    """Pixels a side of the pieces of faces that it sees."""
    rate: float = Field(1e-3, gt=0)
    """The highest learning rate of AdamW, falling along a cosine."""
    features: float = Field(1.0, ge=0)
    """What the features of the picture count beside its pixels (Li et al. 2017, equation 1)."""
    average: float = Field(0.99, ge=0, lt=1)
    """The share that the kept weights have of their average each step."""
    save: int = Field(50, ge=1)
    """Steps after which a training that is broken off can go on."""
    seed: int = Field(0, ge=0)
    threads: int = Field(1, ge=1)
    """Of the CPU; the last bits depend on them."""
