"""Where the head points: yaw, pitch and roll."""

from collections.abc import Callable, Iterable, Iterator

from faceloom.geometry.pose import angles
from faceloom.rows.faces import Face


def make() -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face its three angles in degrees, from its landmarks in the frame."""

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        for face in faces:
            yield angles(face.points, (face.width, face.height)).tolist()

    return values
