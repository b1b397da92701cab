import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceloom.geometry import pose
from faceloom.geometry.landmarks import mirrored

SIZE = (640, 360)


def photographed(
    yaw: float, pitch: float, roll: float, place: tuple[float, float, float], focal: float = 1.0
) -> np.ndarray:
    """Landmarks of the mean head, turned, seen by the assumed camera."""
    there = pose.HEAD @ pose.turned(yaw, pitch, roll).T + place
    middle = (np.array(SIZE) - 1) / 2
    return there[:, :2] / there[:, 2:] * focal * max(SIZE) + middle


@settings(max_examples=40)
@given(
    st.floats(-60, 60), st.floats(-35, 35), st.floats(-40, 40),
    st.floats(-1, 1), st.floats(-0.5, 0.5), st.floats(4, 12),
)  # fmt: skip
def test_angles_are_found_again(
    yaw: float, pitch: float, roll: float, x: float, y: float, z: float
) -> None:
    found = pose.angles(photographed(yaw, pitch, roll, (x, y, z)), SIZE)
    assert np.allclose(found, [yaw, pitch, roll], atol=0.05)


def test_signs() -> None:
    """Yaw to the picture's right, pitch down, roll to the picture's right."""
    tip, brow = 30, 27
    front = photographed(0, 0, 0, (0, 0, 8))
    assert photographed(20, 0, 0, (0, 0, 8))[tip, 0] > front[tip, 0]
    assert photographed(0, 20, 0, (0, 0, 8))[tip, 1] > front[tip, 1]
    assert photographed(0, 0, 20, (0, 0, 8))[brow, 0] > front[brow, 0] + 5


def test_the_mirror_image_turns_the_other_way() -> None:
    face = photographed(25, -8, 12, (0.5, 0.2, 7)) + np.random.default_rng(0).normal(size=(68, 2))
    there, back = pose.angles(face, SIZE), pose.angles(mirrored(face, SIZE[0]), SIZE)
    assert np.allclose(there, back * [-1, 1, -1], atol=0.01)


def test_mouth_and_jaw_do_not_count() -> None:
    face = photographed(10, 5, 0, (0, 0, 8))
    talking = face.copy()
    talking[:17] += 9
    talking[48:] += [0, 7]
    assert np.array_equal(pose.angles(face, SIZE), pose.angles(talking, SIZE))


def test_a_batch_is_each_face() -> None:
    faces = np.stack([photographed(y, 3, -4, (0, 0, 8)) for y in (-30, 0, 30)])
    table = pose.angles_of(faces, SIZE)
    assert table.shape == (3, 3)
    assert np.array_equal(table[2], pose.angles(faces[2], SIZE))
    assert pose.angles_of(np.zeros((0, 68, 2)), SIZE).shape == (0, 3)


@pytest.mark.parametrize("focal", [0.7, 4.0])
def test_a_known_focal_length_is_used(focal: float) -> None:
    face = photographed(15, 10, -5, (0.3, 0.1, 8 * focal), focal)
    assert np.allclose(pose.angles(face, SIZE, focal), [15, 10, -5], atol=0.05)
