"""pose, landmarks and identity: the film's face beside the host's, where both can be seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from faceloom.geometry.landmarks import CANONICAL
from faceloom.geometry.pose import HEAD, turned
from faceloom.metrics import identity, landmarks, likeness, pose

FILM, HOST = np.full((80, 96, 3), 1, np.uint8), np.full((80, 96, 3), 2, np.uint8)


def finding(film: np.ndarray, host: np.ndarray) -> Callable[..., np.ndarray]:
    """A landmarker that knows the two pictures."""
    return lambda image, _: np.stack([film if image[0, 0, 0] == 1 else host])


def head(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Landmarks of a turned head, far away so that perspective does not matter."""
    there = HEAD @ turned(yaw, pitch, roll).T * 4
    depth = 1 + there[:, 2] / 4000
    return there[:, :2] / depth[:, None] + (47.5, 39.5)


def asked(moment: Callable, film: np.ndarray, there: np.ndarray, **changes: Any) -> Any:
    return moment(FILM, host_frame=HOST, landmarker=finding(film, there), **changes)


def test_pose_is_the_mean_of_three_differences(moment: Callable) -> None:
    found = pose.make()(asked(moment, head(6, 2, -3), head(0, 0, 0)))
    assert found == pytest.approx({"pose_error": (6 + 2 + 3) / 3}, abs=0.15)


def test_heads_upside_down_are_not_a_turn_apart(
    moment: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pose, "angles", lambda points, _: np.array([0, 0, points[0, 0]]))
    found = pose.make()(asked(moment, np.full((68, 2), 179.0), np.full((68, 2), -178.0)))
    assert found["pose_error"] == pytest.approx(1)


def test_landmarks_are_so_far_apart_by_the_eyes(moment: Callable) -> None:
    host = CANONICAL * 40 + 20
    film = host.copy()
    film[:17] += 99  # the jaw is the host's own
    film[17:] += (3, 4)
    eyes = np.hypot(*(host[45] - host[36]))
    found = landmarks.make()(asked(moment, film, host))
    assert found == pytest.approx({"landmark_error": 5 / eyes})


@pytest.mark.parametrize("metric", [pose, landmarks])
def test_equal_faces_have_no_error(moment: Callable, metric: Any) -> None:
    host = CANONICAL * 40 + 20
    assert list(metric.make()(asked(moment, host, host)).values()) == [0]


@pytest.mark.parametrize("metric", [pose, landmarks])
def test_bridged_faces_have_no_ground_to_compare(
    moment: Callable, face: Callable, metric: Any
) -> None:
    assert metric.make()(moment(FILM, face=face(bridged=True))) == {}


class Fixed:
    """Describes every face of the film alike."""

    def __init__(self, weights: Path) -> None:
        assert weights == Path("w")

    def __call__(self, image: np.ndarray, points: np.ndarray) -> np.ndarray:
        assert image[0, 0, 0] == 1 and points[0, 0] == 5
        return np.array([3.0, 4.0])


@pytest.fixture
def whose(moment: Callable, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, float]]:
    monkeypatch.setattr(identity, "Describer", Fixed)
    score = identity.make(weights=(Path("w"),))
    points = np.full((68, 2), 5.0)
    return lambda **changes: score(asked(moment, points, points, **changes))


def test_whose_face_is_nearer(whose: Callable) -> None:
    origin, near = np.zeros(2), np.array([3.0, 3.0])
    distances = {"donor_distance": 1, "host_distance": 5, "nearer_donor": 1}
    assert whose(donor=near, host=origin) == pytest.approx(distances)
    distances = {"donor_distance": 5, "host_distance": 1, "nearer_donor": 0}
    assert whose(donor=origin, host=near) == pytest.approx(distances)


def test_the_same_distance_is_not_nearer(whose: Callable) -> None:
    assert whose(donor=np.zeros(2), host=np.zeros(2))["nearer_donor"] == 0


def test_whose_portrait_is_not_known_has_no_distance(whose: Callable, face: Callable) -> None:
    assert whose(host=np.zeros(2)) == {"host_distance": 5}
    assert whose() == {}
    assert whose(host=np.zeros(2), donor=np.zeros(2), face=face(bridged=True)) == {}


def test_the_truth_is_another_reference(moment: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points and looks are held against the true film's, in units of its own eyes."""
    monkeypatch.setattr(likeness, "Describer", lambda _: lambda image, points: points[17])
    score = likeness.make(weights=(Path("w"),))
    true = head(0, 0, 0)
    made = asked(moment, true + (3, 4), true, truth=HOST)
    eyes = np.hypot(*(true[45] - true[36]))
    found = score(made)
    assert found.pop("truth_pose_error") < 2  # perspective: it is seen a little from the side
    assert found == pytest.approx({"truth_distance": 5, "truth_landmark_error": 5 / eyes})
    turned_away = score(asked(moment, head(6, 2, -3), true, truth=HOST))
    assert turned_away["truth_pose_error"] == pytest.approx((6 + 2 + 3) / 3, abs=0.15)


def test_without_truth_nothing_is_like_it(
    moment: Callable, face: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "Describer", lambda _: None)
    score = likeness.make(weights=(Path("w"),))
    assert score(moment(FILM)) == {}
    points = head(0, 0, 0)
    assert score(asked(moment, points, points, truth=HOST, face=face(bridged=True))) == {}
