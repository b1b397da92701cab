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
IRISES = ((468, (33, 133)), (473, (263, 362)))  # middle of the right iris, corners of the eye; left
LIPS = (13, 14)  # inside: the upper lip's middle and the lower's
MOUTH = (61, 291)  # the corners, right and left
EYE_RINGS = (  # the lids' edges, around: the right eye's and the left's
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249),
)
LIP_RINGS = (  # the lips' edges, around: the outer and the inner
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146),
    (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95),
)
# Google's mean face looks down by so many degrees where a rendered head looks ahead: the mean over
# the rendered actors' two clips to learn from (2.5 and 5.9).
LOOKS_DOWN = 4.2
EYEBALL = 0.48  # its radius over the distance of the eye's corners; see `gaze`
SURFACE = 468  # the points behind are the irises'
FOREHEAD = np.array([0, -0.21, 0, 0])  # of the landmarks' width: from their box to the mesh's
ROOM = 1.5  # side of the crop over the face's longer side


def upright(box: Box, size: int) -> Matrix:
    """The matrix of a crop about a detector's box, not turned."""
    return laid(centre(box), np.eye(2), float((box[2:] - box[:2]).max()), size)


def whole(points: Points) -> Box:
    """The mesh's box by 68 landmarks, which end at the brows: so much it reaches above them."""
    box = enclosing(points)
    return np.asarray(box + FOREHEAD * (box[2] - box[0]), np.float64)


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


def mouth(mesh: Numbers) -> NDArray[np.float64]:
    """How far the lips are apart, and how wide the mouth is (2,), in outer eye distances.

    mesh: (478, 3). Lengths are those in space, so that a turned head's are not shorter.
    """
    lips, corners, eyes = (mesh[one] - mesh[two] for one, two in (LIPS, MOUTH, OUTER_EYES))
    lengths = np.linalg.norm([lips, corners, eyes], axis=1)
    return np.asarray(lengths[:2] / lengths[2], np.float64)


def gaze(mesh: Numbers, turn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the eyes look, relative to the head: yaw, + to the picture's right, pitch, + down (2,).

    In degrees, the mean of both eyes: how far the iris is off the middle of the eye's corners, on
    an eyeball. Its radius is fitted to the rendered actors' clips to learn from. The middle of the
    corners is not quite where an eye that looks ahead has its iris: there is an offset of some
    degrees, another for each person; compare within one clip.

    Args:
        mesh: (478, 3).
        turn: (3, 3) of the head.
    """
    upright = np.asarray(mesh, np.float64) @ turn
    offsets = []
    for iris, (one, two) in IRISES:
        middle, across = (upright[one] + upright[two]) / 2, upright[one] - upright[two]
        offsets.append((upright[iris] - middle)[:2] / (EYEBALL * np.hypot(*across[:2])))
    return np.asarray(np.degrees(np.arcsin(np.clip(np.mean(offsets, axis=0), -1, 1))), np.float64)
