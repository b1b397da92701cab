"""From a part's form to the thing itself."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from .errors import FaceloomError
from .settings import Part


def build(part: Part, weights: Iterable[Path] = (), **given: Any) -> Any:
    """What the part's module makes of its options, its weights, and of what else is given."""
    options = part.options() | given
    if part.weights:
        files = tuple(weights)
        options["weights"] = tuple(lying(files, name) for name in part.weights)
    return import_module(part.module).make(**options)


def lying(files: Iterable[Path], name: str) -> Path:
    """The file of that name among those a job was given.

    Raises:
        FaceloomError: where it was not given.
    """
    for file in files:
        if file.name == name:
            return file
    raise FaceloomError(f"{name}: these weights are needed; give them with --weights")
