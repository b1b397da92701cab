"""Who it is: dlib's 128 numbers (King 2017)."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from faceloom.descriptors import Describer
from faceloom.geometry.similarity import apply
from faceloom.images import decode
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face its descriptor, from its crop.

    Args:
        weights: dlib_face_recognition_resnet_model_v1.dat.
    """
    describe = Describer(weights[0])

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        shown = ((decode(face.image), apply(face.affine, face.points)) for face in faces)
        for descriptor in describe.all(shown):
            yield descriptor.tolist()

    return values
