"""Faces through a slow refiner, each put down when it is done: what is broken off goes on there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from .images import decode, encode_png
from .refiners.touched import Touched
from .tables import whole

Refiner = Callable[[Iterator[Touched]], Iterator[Touched]]


def kept(refiner: Refiner, faces: Iterator[Touched], folder: Path) -> Iterator[Touched]:
    """What a refiner makes of faces, taken from the folder where it is there already.

    folder: of this refiner's faces, numbered in their order.
    """
    folder.mkdir(exist_ok=True)
    files = (folder / f"{number:06}.png" for number in count())

    def known() -> Iterator[Touched]:
        for number, face in enumerate(faces):
            file = folder / f"{number:06}.png"
            yield replace(face, done=decode(file.read_bytes())) if file.exists() else face

    for file, made in zip(files, refiner(known()), strict=False):
        if not file.exists():
            with whole(file) as part:
                part.write_bytes(encode_png(made.image))
        yield made
