import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from faceloom.geometry import landmarks, similarity
from faceloom.geometry.landmarks import CANONICAL

FACE = CANONICAL * 120 + [40, 30]


def test_groups_share_out_all_points() -> None:
    groups = [
        landmarks.JAW, landmarks.RIGHT_BROW, landmarks.LEFT_BROW, landmarks.NOSE,
        landmarks.RIGHT_EYE, landmarks.LEFT_EYE, landmarks.MOUTH,
    ]  # fmt: skip
    assert [index for group in groups for index in group] == list(range(68))
    assert list(landmarks.INNER) == list(range(17, 68))


def test_the_mean_face_is_symmetric_and_inside() -> None:
    assert CANONICAL.min() > 0
    assert CANONICAL.max() < 1
    assert np.allclose(landmarks.mirrored(CANONICAL, 2), CANONICAL, atol=1e-9)
    brows, chin = CANONICAL[17:27, 1].min(), CANONICAL[8, 1]
    assert brows - 0.35 * (chin - brows) > 0


def test_the_mean_face_looks_like_a_face() -> None:
    """Eyes above nose above mouth above chin, and the person's right is left."""
    heights = [CANONICAL[list(g), 1].mean() for g in (landmarks.RIGHT_EYE, landmarks.NOSE)]
    heights += [CANONICAL[list(landmarks.MOUTH), 1].mean(), CANONICAL[8, 1]]
    assert heights == sorted(heights)
    assert CANONICAL[36, 0] < CANONICAL[39, 0] < 0.5 < CANONICAL[42, 0] < CANONICAL[45, 0]


@given(st.floats(-3, 3), st.floats(0.3, 4), st.sampled_from([64, 129]), st.floats(0.3, 1))
def test_aligned_puts_any_turned_face_in_the_same_place(
    angle: float, times: float, size: int, coverage: float
) -> None:
    c, s = times * np.cos(angle), times * np.sin(angle)
    face = similarity.apply(np.array([[c, -s, 7], [s, c, -9.5]]), FACE)
    crop = similarity.apply(landmarks.aligned(face, size, coverage), face)
    expected = (CANONICAL - 0.5) * coverage * size + (size - 1) / 2
    assert np.allclose(crop, expected, atol=1e-6)


def test_boxed_centres_the_longer_side() -> None:
    matrix = landmarks.boxed(np.array([10.0, 20, 30, 60]), 100, 0.8)
    corners = similarity.apply(matrix, np.array([[10.0, 20], [30, 60]]))
    assert np.allclose(corners, [[29.5, 9.5], [69.5, 89.5]])


def test_up_follows_the_roll() -> None:
    tilted = FACE @ np.array([[0, 1], [-1, 0]])  # the top of the head to the picture's right
    assert np.allclose(landmarks.up(FACE), [0, -1])
    assert np.allclose(landmarks.up(tilted), [1, 0])


def test_mirrored_is_the_flipped_picture() -> None:
    rng = np.random.default_rng(0)
    face = FACE + rng.normal(size=FACE.shape)
    image = np.zeros((200, 220), np.uint8)
    image[np.round(face[:, 1]).astype(int), np.round(face[:, 0]).astype(int)] = 255
    flipped = cv2.flip(image, 1)
    there = np.round(landmarks.mirrored(face, 220)).astype(int)
    assert (flipped[there[:, 1], there[:, 0]] == 255).all()
    assert np.allclose(landmarks.mirrored(landmarks.mirrored(face, 220), 220), face)
    both = landmarks.mirrored(np.stack([face, FACE]), 220)
    assert np.allclose(both[0], landmarks.mirrored(face, 220))
    assert both[0, 36, 0] < both[0, 45, 0]  # still the person's own right eye


def test_outer_eye_distance() -> None:
    assert np.isclose(
        landmarks.outer_eye_distance(FACE), (CANONICAL[45, 0] - CANONICAL[36, 0]) * 120
    )
