"""The mesh of 478 points: which vertex is which landmark, and the crop that the network wants."""

import numpy as np
from numpy.typing import NDArray

from faceloom.geometry import similarity
from faceloom.geometry.arrays import Box, Matrix, Points
from faceloom.geometry.boxes import centre, enclosing

Numbers = NDArray[np.floating]

# The vertex of each of dlib's 68 landmarks, in dlib's order, as the table commonly used has them.
# Two of its brows' ends are wrong (71 and 301 lie on the forehead): here they are 70 and 300.
VERTICES = (
    *(162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389),  # jaw
    *(70, 63, 105, 66, 107),  # right brow, the person's own
    *(336, 296, 334, 293, 300),  # left brow
    *(168, 197, 5, 4, 75, 97, 2, 326, 305),  # nose
    *(33, 160, 158, 133, 153, 144),  # right eye
    *(362, 385, 387, 263, 373, 380),  # left eye
    *(61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181),  # lips outside
    *(78, 82, 13, 312, 308, 317, 14, 87),  # lips inside
)
# Where dlib's landmark lies between that vertex and another: dlib divides brows evenly, the mesh
# does not. These are all that gained more than .02 of the outer eye distance on the rendered
# actors' clips to learn from (162 frames).
BETWEEN = {19: 66, 20: 107, 23: 336, 24: 296, 29: 195}
OUTER_EYES = (33, 263)  # the corners of the right eye and of the left
SURFACE = 468  # the points behind are the irises'
ROOM = 1.5  # side of the crop over the face's longer side


def upright(box: Box, size: int) -> Matrix:
    """The matrix of a crop about a detector's box, not turned."""
    return laid(centre(box), np.eye(2), float((box[2:] - box[:2]).max()), size)


def levelled(points: Points, size: int) -> Matrix:
    """The matrix of a crop about the mesh (478, 2) in the frame, the eyes in it on one height."""
    right, left = points[list(OUTER_EYES)]
    across = (left - right) / max(float(np.hypot(*(left - right))), 1e-9)
    turn = np.array([across, (-across[1], across[0])])
    box = enclosing(points[:SURFACE] @ turn.T)
    return laid(centre(box) @ turn, turn, float((box[2:] - box[:2]).max()), size)


def laid(
    middle: NDArray[np.floating], turn: NDArray[np.floating], side: float, size: int
) -> Matrix:
    """The matrix of a crop with that place of the frame in its middle, and room about the face."""
    linear = np.asarray(turn, np.float64) * (size / (ROOM * max(side, 1.0)))
    return np.column_stack([linear, (size - 1) / 2 - linear @ middle])


def landmarks(points: Points) -> Points:
    """dlib's 68 landmarks (..., 68, 2) of a mesh (..., 478, 2 or 3)."""
    others = [BETWEEN.get(number, vertex) for number, vertex in enumerate(VERTICES)]
    middles: Points = (points[..., list(VERTICES), :2] + points[..., others, :2]) / 2
    return middles


def to_frame(points: Numbers, matrix: Matrix) -> NDArray[np.float64]:
    """A mesh (478, 3) of the network's, seen in a crop with that matrix, in the frame.

    The network counts from the crop's corner, we from the centre of its first pixel.
    """
    plane = similarity.apply(similarity.inverse(matrix), np.asarray(points[:, :2], float) - 0.5)
    return np.column_stack([plane, points[:, 2] / similarity.scale(matrix)])
