"""Where the head points, by the mean face fitted to the mesh: yaw, pitch and roll."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.geometry.pose import euler
from faceloom.meshes import Mesher
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face its three angles in degrees, from its crop.

    Args:
        weights: face_landmarker.task.
    """
    mesher = Mesher(weights[0])

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        for face, mesh in mesher.of_crops(faces):
            yield euler(mesher.turn(mesh, (face.width, face.height))).tolist()

    return values
