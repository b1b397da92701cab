"""meshes: the table is dlib's order and even, and crops level the eyes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from faceloom.geometry import meshes, pose, similarity
from faceloom.geometry.landmarks import _MIRROR_IMAGE


def drawn(angle: float, times: float) -> np.ndarray:
    """478 points of anything, turned and sized; the outer eyes 60 apart before."""
    points = np.random.default_rng(0).uniform(-50, 50, (478, 2))
    points[33], points[263] = (-30, -10), (30, -10)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return points @ turn * times + (300, 200)


def test_every_landmark_has_a_vertex_of_its_own() -> None:
    assert len(meshes.VERTICES) == 68 == len(set(meshes.VERTICES))
    assert max(meshes.VERTICES) < meshes.SURFACE
    between = meshes.BETWEEN
    assert {_MIRROR_IMAGE[number] for number in between if number < 27} <= set(between)


def test_landmarks_are_vertices_or_between_two() -> None:
    points = np.random.default_rng(1).random((3, 478, 3))
    found = meshes.landmarks(points)
    assert found.shape == (3, 68, 2)
    assert np.array_equal(found[1, 36], points[1, 33, :2])
    assert np.allclose(found[2, 19], (points[2, 105, :2] + points[2, 66, :2]) / 2)


@given(st.floats(-3, 3), st.floats(0.2, 5))
def test_a_levelled_crop_holds_the_face_with_the_eyes_on_one_height(
    angle: float, times: float
) -> None:
    points = drawn(angle, times)
    there = similarity.apply(meshes.levelled(points, 256), points)
    assert np.isclose(there[33, 1], there[263, 1])
    assert there[33, 0] < there[263, 0]
    low, high = there[:468].min(0), there[:468].max(0)
    assert np.allclose((low + high) / 2, 127.5)
    assert np.isclose((high - low).max(), 256 / 1.5)


def test_an_upright_crop_is_one_and_a_half_boxes() -> None:
    matrix = meshes.upright(np.array([10.0, 20, 110, 100]), 300)
    corners = similarity.apply(matrix, np.array([[10.0, 20], [110, 100], [60, 60]]))
    assert np.allclose(corners, [[49.5, 69.5], [249.5, 229.5], [149.5, 149.5]])


@given(st.floats(-3, 3), st.floats(0.2, 5))
def test_a_mesh_comes_back_to_the_frame(angle: float, times: float) -> None:
    points = drawn(angle, times)
    matrix = meshes.levelled(points, 256)
    crop = np.column_stack([similarity.apply(matrix, points) + 0.5, np.full(478, 2.0)])
    back = meshes.to_frame(crop, matrix)
    assert np.allclose(back[:, :2], points)
    assert np.allclose(back[:, 2], 2 / similarity.scale(matrix))


def face_of(turn: np.ndarray, iris: float = 0.0, lips: float = 0.0) -> np.ndarray:
    """A mesh of eyes and a mouth, turned: eyes 60 apart outside, irises off their middle by so much
    of an eyeball, lips so far apart."""
    mesh = np.zeros((478, 3))
    mesh[33], mesh[133], mesh[362], mesh[263] = (
        (x, 0, z) for x, z in ((-30, 4), (-10, 0), (10, 0), (30, 4))
    )
    across = np.hypot(20, 0) * meshes.EYEBALL
    mesh[468], mesh[473] = (-20 + iris * across, 0, 0), (20 + iris * across, 0, 0)
    mesh[61], mesh[291] = (-15, 40, 0), (15, 40, 0)
    mesh[13], mesh[14] = (0, 40 - lips / 2, -3), (0, 40 + lips / 2, -3)
    return mesh @ turn.T


@given(st.floats(-40, 40), st.floats(-20, 20), st.floats(-0.7, 0.7))
def test_gaze_is_the_iris_on_the_eyeball_however_the_head_is_turned(
    yaw: float, pitch: float, iris: float
) -> None:
    turn = pose.turned(yaw, pitch, 5)
    found = meshes.gaze(face_of(turn, iris), turn)
    assert np.allclose(found, (np.degrees(np.arcsin(iris)), 0), atol=1e-6)


@given(st.floats(-40, 40), st.floats(0, 30))
def test_a_mouth_is_as_open_however_the_head_is_turned(yaw: float, lips: float) -> None:
    found = meshes.mouth(face_of(pose.turned(yaw, 3, 0), lips=lips))
    assert np.allclose(found, (lips / 60, 30 / 60))
