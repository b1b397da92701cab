"""Similarities of the plane: turn, scale and shift, as 2x3 matrices."""

import numpy as np

from faceloom.geometry.arrays import Matrix, Points


def umeyama(points: Points, targets: Points) -> Matrix:
    """The similarity that takes points nearest to targets, without mirroring.

    Least squares after Umeyama 1991 ("Least-squares estimation of transformation parameters
    between two point patterns", eq. 40-42); in the plane, with points as complex numbers, his
    singular value decomposition comes down to one division.

    Args:
        points: (P, 2), not all at one place.
        targets: (P, 2).
    """
    middle, aim = points.mean(axis=0), targets.mean(axis=0)
    moved, wanted = _complex(points - middle), _complex(targets - aim)
    spread = float(np.vdot(moved, moved).real)
    if spread == 0:
        raise ValueError("no similarity: all points are at one place")
    turn = complex(np.vdot(moved, wanted)) / spread
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, aim - linear @ middle])


def apply(matrix: Matrix, points: Points) -> Points:
    """Points (..., 2) moved by the matrix."""
    moved: Points = points @ matrix[:, :2].T + matrix[:, 2]
    return moved


def inverse(matrix: Matrix) -> Matrix:
    """The matrix that undoes this one."""
    back = np.linalg.inv(matrix[:, :2])
    return np.column_stack([back, -back @ matrix[:, 2]])


def compose(second: Matrix, first: Matrix) -> Matrix:
    """The matrix that does `first`, then `second`."""
    return np.column_stack(
        [second[:, :2] @ first[:, :2], second[:, :2] @ first[:, 2] + second[:, 2]]
    )


def scale(matrix: Matrix) -> float:
    """How many times longer things become (for other than similarities: on average)."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))


def _complex(points: Points) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    numbers = points[:, 0] + 1j * points[:, 1]
    return numbers.astype(np.complex128)
