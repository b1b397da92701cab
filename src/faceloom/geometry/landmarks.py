"""The 68 landmarks: which is which, a mean face, and crops laid out by them."""

import numpy as np
from numpy.typing import NDArray

from faceloom.geometry import boxes, similarity
from faceloom.geometry.arrays import Box, Matrix, Points

# dlib's order; right and left are the person's own, so the right eye is left in the picture.
JAW = range(17)
RIGHT_BROW = range(17, 22)
LEFT_BROW = range(22, 27)
NOSE = range(27, 36)
RIGHT_EYE = range(36, 42)
LEFT_EYE = range(42, 48)
MOUTH = range(48, 68)
INNER_MOUTH = range(60, 68)
INNER = range(17, 68)
CHIN = 8

# Mean of two rendered actors (data/actors: boris and chen, their clips to learn from), 84 frames
# with less than 10 degrees of yaw, by generalised Procrustes analysis, each actor weighing the
# same, averaged with the mirror image. Unit square, x right, y down: the chin is .02 above the
# lower side, and .35 of the height from chin to brows fits above the brows.
CANONICAL: NDArray[np.float64] = np.array(
    [
        (0.1070, 0.3598),
        (0.1128, 0.4616),
        (0.1259, 0.5586),
        (0.1554, 0.6523),
        (0.1817, 0.7601),
        (0.2282, 0.8485),
        (0.3001, 0.9125),
        (0.3992, 0.9681),
        (0.5000, 0.9800),
        (0.6008, 0.9681),
        (0.6999, 0.9125),
        (0.7718, 0.8485),
        (0.8183, 0.7601),
        (0.8446, 0.6523),
        (0.8741, 0.5586),
        (0.8872, 0.4616),
        (0.8930, 0.3598),
        (0.1961, 0.3030),
        (0.2404, 0.2844),
        (0.3161, 0.2689),
        (0.3891, 0.2929),
        (0.4415, 0.2985),
        (0.5585, 0.2985),
        (0.6109, 0.2929),
        (0.6839, 0.2689),
        (0.7596, 0.2844),
        (0.8039, 0.3030),
        (0.5000, 0.3653),
        (0.5000, 0.4347),
        (0.5000, 0.4938),
        (0.5000, 0.5693),
        (0.4262, 0.6155),
        (0.4619, 0.6268),
        (0.5000, 0.6379),
        (0.5381, 0.6268),
        (0.5738, 0.6155),
        (0.2712, 0.3605),
        (0.3116, 0.3513),
        (0.3499, 0.3457),
        (0.3894, 0.3767),
        (0.3473, 0.3813),
        (0.3096, 0.3781),
        (0.6106, 0.3767),
        (0.6501, 0.3457),
        (0.6884, 0.3513),
        (0.7288, 0.3605),
        (0.6904, 0.3781),
        (0.6527, 0.3813),
        (0.3680, 0.7531),
        (0.4170, 0.7180),
        (0.4570, 0.6954),
        (0.5000, 0.7113),
        (0.5430, 0.6954),
        (0.5830, 0.7180),
        (0.6320, 0.7531),
        (0.5847, 0.8057),
        (0.5348, 0.8263),
        (0.5000, 0.8288),
        (0.4652, 0.8263),
        (0.4153, 0.8057),
        (0.3900, 0.7474),
        (0.4686, 0.7347),
        (0.5000, 0.7411),
        (0.5314, 0.7347),
        (0.6100, 0.7474),
        (0.5309, 0.7737),
        (0.5000, 0.7760),
        (0.4691, 0.7737),
    ]
)

_MIRROR_IMAGE = np.array(
    [*range(16, -1, -1), *range(26, 16, -1), *range(27, 31), *range(35, 30, -1)]
    + [45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40]
    + [*range(54, 47, -1), *range(59, 54, -1), *range(64, 59, -1), 67, 66, 65]
)


def aligned(landmarks: Points, size: int, coverage: float) -> Matrix:
    """The matrix of a crop in which the face is upright, by its 51 inner points.

    Args:
        landmarks: (68, 2) in the frame.
        size: width and height of the crop.
        coverage: share of the crop's side that the mean face's square takes; the centres agree.
    """
    inner = list(INNER)
    placed = (CANONICAL[inner] - 0.5) * coverage * size + (size - 1) / 2
    return similarity.umeyama(landmarks[inner], placed)


def boxed(box: Box, size: int, coverage: float) -> Matrix:
    """The matrix of an unturned crop about the box's centre.

    Args:
        box: left, top, right, bottom in the frame.
        size: width and height of the crop.
        coverage: share of the crop's side that the box's longer side takes.
    """
    longer = max(box[2] - box[0], box[3] - box[1])
    times = coverage * size / float(longer)
    shift = (size - 1) / 2 - times * boxes.centre(box)
    return np.array([[times, 0, shift[0]], [0, times, shift[1]]])


def up(landmarks: Points) -> NDArray[np.float64]:
    """The face's own upward direction in the picture, of length 1."""
    inner = list(INNER)
    turn = similarity.umeyama(CANONICAL[inner], landmarks[inner])[:, :2]
    direction: NDArray[np.float64] = -turn[:, 1] / np.hypot(*turn[:, 1])
    return direction


def outer_eye_distance(landmarks: Points) -> float:
    """From the one eye's outer corner to the other's, in pixels."""
    return float(np.hypot(*(landmarks[45] - landmarks[36])))


def mirrored(landmarks: Points, width: int) -> Points:
    """Landmarks (..., 68, 2) of the frame flipped left to right, again in dlib's order."""
    flipped = landmarks[..., _MIRROR_IMAGE, :].copy()
    flipped[..., 0] = width - 1 - flipped[..., 0]
    return flipped
