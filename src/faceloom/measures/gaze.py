"""Where the eyes look, relative to the head: yaw and pitch."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.geometry.meshes import gaze
from faceloom.meshes import Mesher
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face two angles in degrees, from its crop.

    Args:
        weights: face_landmarker.task.
    """
    mesher = Mesher(weights[0])

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        for face, mesh in mesher.of_crops(faces):
            yield gaze(mesh, mesher.turn(mesh, (face.width, face.height))).tolist()

    return values
