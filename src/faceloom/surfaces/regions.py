"""Which vertices of Google's mesh of 478 points are a face's eyes, its mouth, and its rim."""

import numpy as np
from numpy.typing import NDArray

from ..geometry.meshes import EYE_RINGS, LIP_RINGS

FADING = 2  # rings of triangles over which a region fades


def region(name: str, triangles: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """How much of each vertex (count,) belongs to the "face", its "eyes" or its "mouth", in 0..1.

    It fades over two rings of triangles: inwards from the face's rim, outwards from eyes and mouth.
    """
    steps = reached(rim(triangles), triangles, count)
    if name == "face":
        return np.clip(steps / FADING, 0, 1).astype(np.float32)
    inner = np.concatenate(EYE_RINGS if name == "eyes" else LIP_RINGS)
    away = reached(inner, triangles, count) - 1  # the first ring about it belongs to it
    return (np.clip(1 - away / FADING, 0, 1) * np.clip(steps / FADING, 0, 1)).astype(np.float32)


def rim(triangles: NDArray[np.int64]) -> NDArray[np.int64]:
    """The vertices on the mesh's edge: those of edges that only one triangle has."""
    edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    once, counts = np.unique(edges, axis=0, return_counts=True)
    return np.unique(once[counts == 1])


def reached(
    start: NDArray[np.int64], triangles: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """How many steps along edges each vertex is from the nearest of these."""
    steps = np.full(count, count)
    steps[start] = 0
    for ring in range(1, count):
        touched = triangles[(steps[triangles] < ring).any(axis=1)].ravel()
        fresh = touched[steps[touched] > ring]
        if not len(fresh):
            break
        steps[fresh] = ring
    return steps
