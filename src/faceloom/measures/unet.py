"""What each pixel of a crop shows, by a small network of ours: hands and microphones too."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.networks.face_parser import load
from faceloom.parsers import Parser
from faceloom.pixels.parsing import Parse
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[Parse]]:
    """What gives each face labels, and where it is seen.

    Args:
        weights: face_parser.pt, as the stage `parser` writes it.
    """
    return Parser(load(weights[0])).of_crops
