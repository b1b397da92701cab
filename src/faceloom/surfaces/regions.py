"""Which vertices of a mesh are a face's eyes, its mouth, and its rim."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FADING = 2  # rings of Google's mesh over which a region fades


def region(
    inner: ArrayLike | None, triangles: NDArray[np.int64], count: int, finer: float = 1
) -> NDArray[np.float32]:
    """How much of each vertex (count,) belongs to the face, or to a part of it, in 0..1.

    It fades over two rings of triangles: inwards from the face's rim, outwards from the part.

    Args:
        inner: vertices of the part, of eyes or mouth; None: the whole face.
        triangles: int64 (F, 3).
        count: of vertices.
        finer: so many rings are as wide as one of Google's mesh of 468 points.
    """
    within = np.clip(reached(rim(triangles), triangles, count) / finer / FADING, 0, 1)
    if inner is None:
        return within.astype(np.float32)
    # the first ring about it belongs to it
    away = reached(np.asarray(inner), triangles, count) / finer - 1
    return (np.clip(1 - away / FADING, 0, 1) * within).astype(np.float32)


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
