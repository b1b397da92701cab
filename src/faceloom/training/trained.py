"""From a checkpoint back to the network that it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from ..errors import FaceloomError, mistakes
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
    """The network that the checkpoint's settings name, with its weights.

    Raises:
        FaceloomError: settings that this Faceloom does not know, or weights of another network.
    """
    whose = f"the generator of {'+'.join(checkpoint.people)}"
    try:
        settings = Train.model_validate_json(checkpoint.settings)
    except ValidationError as bad:
        raise FaceloomError(
            f"{whose}: trained under other settings than there are now "
            f"({mistakes(bad)[0]}); remove it and train again"
        ) from None
    network: Generator = build(settings.model, people=tuple(checkpoint.people))
    try:
        network.load_state_dict(checkpoint.weights)
    except RuntimeError:
        raise FaceloomError(
            f"{whose}: its weights are not of the network that its settings name "
            f"({settings.model.kind}); remove it and train again"
        ) from None
    return Trained(network, settings.precision, settings.model.mask is not None)
