"""Which way a head looks, from its landmarks.

Yaw: + turns the face to the picture's right. Pitch: + looks down. Roll: + tilts the head to the
picture's right. Degrees; the head's turn is Ry(yaw) Rx(pitch) Rz(roll), roll first.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.geometry.arrays import Points, Size
from faceloom.geometry.landmarks import LEFT_BROW, NOSE, RIGHT_BROW

# What moves least with expression and speech: brows, nose, corners of the eyes. Of the sets
# tried on the actors' held-out clips (with mouth, without brows, all) it erred least.
STEADY = [*RIGHT_BROW, *LEFT_BROW, *NOSE, 36, 39, 42, 45]

# The 68 points of a mean head: x right, y down, z away from the camera; the outer eye corners are
# 1 apart, the middle of the inner points is 0. Least squares over the clips to learn from of two
# rendered actors (data/actors: boris and chen, 200 frames, known turns, their camera's
# perspective taken out), each fitted alone, then averaged with each other and mirrored.
HEAD: NDArray[np.float64] = np.array(
    [
        (-0.919, -0.403, 1.306),
        (-0.879, -0.166, 0.967),
        (-0.845, 0.056, 0.890),
        (-0.798, 0.276, 1.082),
        (-0.737, 0.520, 0.962),
        (-0.627, 0.724, 0.992),
        (-0.439, 0.846, 0.568),
        (-0.216, 0.959, 0.377),
        (0.000, 0.969, 0.130),
        (0.216, 0.959, 0.377),
        (0.439, 0.846, 0.568),
        (0.627, 0.724, 0.992),
        (0.737, 0.520, 0.962),
        (0.798, 0.276, 1.082),
        (0.845, 0.056, 0.890),
        (0.879, -0.166, 0.967),
        (0.919, -0.403, 1.306),
        (-0.667, -0.514, 0.238),
        (-0.565, -0.552, 0.098),
        (-0.398, -0.582, -0.006),
        (-0.240, -0.529, -0.012),
        (-0.127, -0.515, -0.026),
        (0.127, -0.515, -0.026),
        (0.240, -0.529, -0.012),
        (0.398, -0.582, -0.006),
        (0.565, -0.552, 0.098),
        (0.667, -0.514, 0.238),
        (0.000, -0.372, -0.005),
        (0.000, -0.218, -0.105),
        (0.000, -0.091, -0.169),
        (0.000, 0.070, -0.238),
        (-0.159, 0.169, -0.047),
        (-0.082, 0.194, -0.072),
        (0.000, 0.217, -0.099),
        (0.082, 0.194, -0.072),
        (0.159, 0.169, -0.047),
        (-0.500, -0.387, 0.152),
        (-0.410, -0.414, 0.066),
        (-0.327, -0.420, 0.084),
        (-0.241, -0.350, 0.093),
        (-0.332, -0.340, 0.062),
        (-0.414, -0.347, 0.071),
        (0.241, -0.350, 0.093),
        (0.327, -0.420, 0.084),
        (0.410, -0.414, 0.066),
        (0.500, -0.387, 0.152),
        (0.414, -0.347, 0.071),
        (0.332, -0.340, 0.062),
        (-0.285, 0.470, 0.049),
        (-0.179, 0.393, -0.072),
        (-0.092, 0.343, -0.112),
        (0.000, 0.376, -0.131),
        (0.092, 0.343, -0.112),
        (0.179, 0.393, -0.072),
        (0.285, 0.470, 0.049),
        (0.182, 0.580, -0.001),
        (0.075, 0.623, -0.023),
        (0.000, 0.629, -0.032),
        (-0.075, 0.623, -0.023),
        (-0.182, 0.580, -0.001),
        (-0.237, 0.457, 0.021),
        (-0.068, 0.429, -0.094),
        (0.000, 0.444, -0.073),
        (0.068, 0.429, -0.094),
        (0.237, 0.457, 0.021),
        (0.066, 0.508, -0.025),
        (0.000, 0.512, -0.040),
        (-0.066, 0.508, -0.025),
    ]
)


def angles(landmarks: Points, size: Size, focal: float = 1.0) -> NDArray[np.float64]:
    """Yaw, pitch and roll (3,) of the head with these landmarks (68, 2).

    A weak-perspective pose in closed form (POS of DeMenthon and Davis 1995), then Levenberg and
    Marquardt's iterations on the reprojection error of the steady points: always the same answer
    to the same question. The camera is not known: its centre is taken to be the frame's, its
    focal length `focal` times the frame's longer side. A wrong focal length shifts the angles of
    faces far from the centre; compare angles within one clip.

    Args:
        landmarks: (68, 2) in the frame.
        size: the frame's width and height.
        focal: focal length over the frame's longer side; 1 is a view of 53 degrees.
    """
    seen = np.asarray(landmarks, np.float64)[STEADY]
    return euler(turn_of(HEAD[STEADY], seen, size, focal))


def turn_of(
    head: NDArray[np.float64], seen: NDArray[np.float64], size: Size, focal: float = 1.0
) -> NDArray[np.float64]:
    """The (3, 3) turn of a head by some points of it.

    Args:
        head: (N, 3), as it is unturned: x right, y down, z away from the camera.
        seen: (N, 2) in the frame.
        size: the frame's width and height.
        focal: as for `angles`.
    """
    length = focal * max(size)
    middle = (np.array(size, np.float64) - 1) / 2
    turn, place = _weak_perspective(head, seen - middle, length)
    camera = np.array([[length, 0, middle[0]], [0, length, middle[1]], [0, 0, 1]])
    vector, _ = cv2.Rodrigues(turn)
    vector, _ = cv2.solvePnPRefineLM(head, seen, camera, np.zeros(0), vector, place[:, None])
    refined, _ = cv2.Rodrigues(vector)
    return np.asarray(refined, np.float64)


def angles_of(landmarks: Points, size: Size, focal: float = 1.0) -> NDArray[np.float64]:
    """Yaw, pitch and roll of each of (N, 68, 2) landmarks of one clip, as (N, 3)."""
    found = [angles(face, size, focal) for face in landmarks]
    return np.array(found, np.float64).reshape(-1, 3)


def turned(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """The (3, 3) turn of a head by these degrees, in HEAD's coordinates."""
    (sy, sp, sr), (cy, cp, cr) = (f(np.radians([yaw, pitch, roll])) for f in (np.sin, np.cos))
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    whole: NDArray[np.float64] = about_y @ about_x @ about_z
    return whole


def _weak_perspective(
    head: NDArray[np.float64], seen: NDArray[np.float64], length: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The turn (3, 3) and place (3,) of a head so small or far that its depth hardly counts."""
    known = np.column_stack([head, np.ones(len(head))])
    solution = np.linalg.lstsq(known, seen, rcond=None)[0].T
    left, scales, right = np.linalg.svd(solution[:, :3], full_matrices=False)
    rows = left @ right
    scale = float(scales.mean())
    place = np.array([*solution[:, 3] / scale, length / scale])
    return np.vstack([rows, np.cross(rows[0], rows[1])]), place


def euler(turn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Yaw, pitch and roll (3,) of a (3, 3) turn, in degrees."""
    yaw = np.arctan2(-turn[0, 2], turn[2, 2])
    pitch = np.arcsin(np.clip(-turn[1, 2], -1, 1))
    roll = np.arctan2(turn[1, 0], turn[1, 1])
    return np.asarray(np.degrees([yaw, pitch, roll]), np.float64)
