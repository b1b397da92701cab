import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.geometry import similarity

POINTS = np.random.default_rng(3).normal(size=(7, 2)) * 20


def made(angle: float, times: float, x: float, y: float) -> np.ndarray:
    c, s = times * np.cos(angle), times * np.sin(angle)
    return np.array([[c, -s, x], [s, c, y]])


motions = st.builds(
    made, st.floats(-3.1, 3.1), st.floats(0.1, 10), st.floats(-99, 99), st.floats(-99, 99)
)


@given(motions)
def test_umeyama_finds_the_motion(matrix: np.ndarray) -> None:
    found = similarity.umeyama(POINTS, similarity.apply(matrix, POINTS))
    assert np.allclose(found, matrix, atol=1e-8)


@given(motions, motions)
def test_there_and_back_and_on(first: np.ndarray, second: np.ndarray) -> None:
    back = similarity.apply(similarity.inverse(first), similarity.apply(first, POINTS))
    assert np.allclose(back, POINTS, atol=1e-7)
    both = similarity.apply(similarity.compose(second, first), POINTS)
    assert np.allclose(both, similarity.apply(second, similarity.apply(first, POINTS)))
    assert np.isclose(similarity.scale(first), np.hypot(first[0, 0], first[1, 0]))


@pytest.mark.parametrize("mirror", [1, -1])
def test_umeyama_as_in_the_paper(mirror: int) -> None:
    """His singular value decomposition, for noisy and for mirrored points."""
    targets = POINTS * [mirror, 1] + np.random.default_rng(4).normal(size=POINTS.shape)
    moved, aim = POINTS - POINTS.mean(0), targets - targets.mean(0)
    left, sizes, right = np.linalg.svd(aim.T @ moved / len(POINTS))
    signs = np.array([1, np.sign(np.linalg.det(left) * np.linalg.det(right))])
    turn = left @ np.diag(signs) @ right
    times = (sizes * signs).sum() / moved.var(axis=0).sum()
    expected = np.column_stack([times * turn, targets.mean(0) - times * turn @ POINTS.mean(0)])
    assert np.allclose(similarity.umeyama(POINTS, targets), expected)


def test_one_place_has_no_similarity() -> None:
    with pytest.raises(ValueError, match="one place"):
        similarity.umeyama(np.ones((4, 2)), POINTS[:4])
