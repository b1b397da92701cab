"""Is it the true face? The film's face held against the true film's, moment by moment."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from faceloom.descriptors import Describer
from faceloom.geometry.landmarks import INNER, outer_eye_distance
from faceloom.geometry.pose import angles
from faceloom.metrics.moment import Moment
from faceloom.metrics.pose import apart


def make(*, weights: tuple[Path, ...]) -> Callable[[Moment], dict[str, float]]:
    """What gives `truth_distance`, `truth_landmark_error`, `truth_pose_error`.

    The distance is Euclidean, between dlib descriptors of the same frame; the landmark error is the
    mean distance of the 51 inner points in shares of the true face's outer eye distance; the pose
    error is the mean absolute difference of yaw, pitch and roll, in degrees. Both faces' points are
    sought by the same predictor in the same box, so that its own errors count for little.

    Args:
        weights: dlib_face_recognition_resnet_model_v1.dat.
    """
    describe = Describer(weights[0])

    def scores(moment: Moment) -> dict[str, float]:
        truth, points = moment.now.truth, moment.truth_landmarks
        if truth is None or points is None or moment.now.face.bridged:
            return {}
        film, size = moment.film_landmarks, moment.now.size
        look, true = describe(moment.now.film, film), describe(truth, points)
        off = np.linalg.norm((film - points)[list(INNER)], axis=1).mean()
        return {
            "truth_distance": float(np.linalg.norm(look - true)),
            "truth_landmark_error": float(off) / outer_eye_distance(points),
            "truth_pose_error": apart(angles(film, size), angles(points, size)),
        }

    return scores
