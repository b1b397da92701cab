"""How far a mouth is open, and how wide it is."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.geometry.meshes import mouth
from faceloom.meshes import Mesher
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face two lengths in outer eye distances, from its crop.

    Args:
        weights: face_landmarker.task.
    """
    mesher = Mesher(weights[0])

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        for _, mesh in mesher.of_crops(faces):
            yield mouth(mesh).tolist()

    return values
