"""From a part's form to the thing itself."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from .errors import FaceloomError
from .settings import Part


def build(part: Part, weights: Iterable[Path] = ()) -> Callable[..., Any]:
    """What the part's module makes of its options, and of those of the weights that it needs."""
    options = part.options()
    if part.weights:
        given = tuple(weights)
        options["weights"] = tuple(lying(given, name) for name in part.weights)
    made: Callable[..., Any] = import_module(part.module).make(**options)
    return made


def lying(files: Iterable[Path], name: str) -> Path:
    """The file of that name among those a job was given.

    Raises:
        FaceloomError: where it was not given.
    """
    for file in files:
        if file.name == name:
            return file
    raise FaceloomError(f"{name}: these weights are needed; give them with --weights")
