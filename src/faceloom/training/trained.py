"""From a checkpoint back to the network that it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..models.generator import Generator
from ..parts import build
from ..settings import Train
from .checkpoint import Checkpoint


@dataclass(frozen=True)
class Trained:
    """A generator with its weights, and how it was told to be."""

    network: Generator
    precision: Literal["auto", "fp32", "bf16"]
    masks: bool
    """Whether it paints them."""


def restored(checkpoint: Checkpoint) -> Trained:
    """The network that the checkpoint's settings name, with its weights."""
    settings = Train.model_validate_json(checkpoint.settings)
    network: Generator = build(settings.model, people=tuple(checkpoint.people))
    network.load_state_dict(checkpoint.weights)
    return Trained(network, settings.precision, settings.model.mask is not None)
