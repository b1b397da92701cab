"""A trained generator as a file: weights, what it was told, and everybody's colours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor

from ..errors import FaceloomError
from .saving import save

SCHEMA = 1

# what torch and we ourselves raise over bytes that are no checkpoint
BROKEN = (AttributeError, EOFError, KeyError, OSError, RuntimeError, TypeError, UnpicklingError)

Colours = dict[str, tuple[list[float], list[float]]]
"""Mean and spread of L*a*b* in everybody's faces, by person; "" is what all are moved to."""


@dataclass(frozen=True)
class Checkpoint:
    """All that painting needs, in tensors and plain types.

    settings: of train, as JSON; people: whom it paints; colours: empty where they are left alone.
    """

    settings: str
    people: list[str]
    colours: Colours
    precision: str
    weights: dict[str, Tensor]

    def save(self, path: Path) -> None:
        """Write it; the caller sees to it that the file is whole or absent."""
        said: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        save({"schema": SCHEMA, **said}, path)


def sound(made: Checkpoint) -> Checkpoint:
    """The checkpoint, if its parts are what they should be; TypeError where they are not."""
    named = isinstance(made.people, list) and all(isinstance(each, str) for each in made.people)
    mappings = isinstance(made.colours, dict) and isinstance(made.weights, dict)
    if not (named and mappings and isinstance(made.settings, str)):
        raise TypeError("a part of the checkpoint is of another sort")
    return made


def load(path: Path) -> Checkpoint:
    """The generator in a file.

    Raises:
        FaceloomError: not such a file, or from a newer Faceloom.
    """
    try:
        said = torch.load(path, map_location="cpu", weights_only=True)
        schema = said.pop("schema")
        if schema > SCHEMA:
            raise FaceloomError(
                f"{path}: made by a newer Faceloom (schema {schema}); update this one"
            )
        return sound(Checkpoint(**said))
    except FileNotFoundError:
        raise FaceloomError(f"{path}: there is no such checkpoint; train it first") from None
    except BROKEN:
        raise FaceloomError(
            f"{path}: no checkpoint of Faceloom, or a broken one; remove it and train again"
        ) from None
