"""The faces as they are."""

from collections.abc import Callable, Iterator

from .touched import Touched


def make() -> Callable[[Iterator[Touched]], Iterator[Touched]]:
    """A refiner: swapped faces in order of time, to themselves."""
    return lambda faces: faces
