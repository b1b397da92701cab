"""What each pixel of a crop shows, as far as outlines of the mesh tell: face, eyes, mouth."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from faceloom.geometry import meshes, similarity
from faceloom.images import decode
from faceloom.meshes import Mesher
from faceloom.pixels.masks import outlined
from faceloom.pixels.parsing import LABELS, Parse
from faceloom.rows.faces import Face


def make(*, weights: tuple[Path, ...]) -> Callable[[Iterable[Face]], Iterator[Parse]]:
    """What gives each face labels and where it is: all that the mesh's triangles lie over.

    Hair, cloth and what is before the face are not told from what is behind it.

    Args:
        weights: face_landmarker.task.
    """
    mesher = Mesher(weights[0])
    triangles = mesher.file.canonical.triangles

    def values(faces: Iterable[Face]) -> Iterator[Parse]:
        for face, mesh in mesher.of_crops(faces):
            size = len(decode(face.image))
            points = similarity.apply(face.affine, mesh[:, :2])
            whole = outlined(list(points[triangles]), (size, size))
            labels = np.zeros((size, size), np.uint8)
            labels[whole > 0.5] = LABELS.index("skin")
            for name, rings in (("eyes", meshes.EYE_RINGS), ("mouth", meshes.LIP_RINGS[1:])):
                part = outlined([points[list(ring)] for ring in rings], (size, size))
                labels[part > 0.5] = LABELS.index(name)
            yield Parse(labels, whole)

    return values
