import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.geometry import smoothing

PATH = np.random.default_rng(5).normal(size=(12, 3)).cumsum(axis=0)


def likeliest(values: np.ndarray, process: float, measurement: float) -> np.ndarray:
    """The same question as one least squares problem: start, speed and each frame's push."""
    frames = len(values)
    places = np.zeros((frames, frames + 1))
    state = np.zeros((2, frames + 1))
    state[0, 0] = state[1, 1] = 1
    for frame in range(frames):
        places[frame] = state[0]
        if frame < frames - 1:
            push = np.zeros(frames + 1)
            push[frame + 2] = 1
            state = np.array([state[0] + state[1] + push / 2, state[1] + push])
    seen = ~np.isnan(values).any(axis=1)
    pushes = np.eye(frames + 1)[2:] / np.sqrt(process)
    system = np.concatenate([places[seen] / measurement, pushes])
    wanted = np.concatenate([values[seen] / measurement, np.zeros((frames - 1, values.shape[1]))])
    return places @ np.linalg.lstsq(system, wanted, rcond=None)[0]


@pytest.mark.parametrize("gaps", [[], [4, 5, 6], [0, 1], [10, 11]])
@pytest.mark.parametrize(("process", "measurement"), [(0.5, 1.0), (0.01, 3.0), (4.0, 0.2)])
def test_kalman_is_the_likeliest_path(gaps: list[int], process: float, measurement: float) -> None:
    values = PATH.copy()
    values[gaps] = np.nan
    found = smoothing.kalman(values, process, measurement)
    assert np.allclose(found, likeliest(values, process, measurement), atol=1e-4)


def test_kalman_uses_the_measurement_noise() -> None:
    rough = [np.abs(np.diff(smoothing.kalman(PATH, 0.1, m), 2, axis=0)).sum() for m in (0.1, 1, 10)]
    assert rough[0] > 1.5 * rough[1] > 3 * rough[2]


@given(st.floats(-5, 5), st.floats(-50, 50))
def test_kalman_keeps_constant_speed(speed: float, start: float) -> None:
    line = (start + speed * np.arange(9.0))[:, None]
    assert np.allclose(smoothing.kalman(line, 0.01, 2.0), line, atol=1e-4)


def test_kalman_is_not_late() -> None:
    """A path and the same path backwards are smoothed alike."""
    assert np.allclose(
        smoothing.kalman(PATH[::-1], 0.3, 1.0)[::-1], smoothing.kalman(PATH, 0.3, 1.0), atol=0.1
    )


def test_kalman_of_one_frame_is_that_frame() -> None:
    assert np.allclose(smoothing.kalman(PATH[:1], 1, 1), PATH[:1])


def test_ema_by_hand() -> None:
    values = np.array([[0.0], [8], [np.nan], [8], [0]])
    assert np.allclose(smoothing.ema(values, 0.5).ravel(), [0, 4, 6, 7, 3.5])
    assert np.allclose(smoothing.ema(PATH, 0), PATH)


def test_ema_fills_the_ends() -> None:
    values = np.array([[np.nan, 1.0], [2, 3], [np.nan, 5]])
    assert np.allclose(smoothing.ema(values, 0), [[2, 3], [2, 3], [2, 3]])


@pytest.mark.parametrize("memory", [-0.1, 1.0])
def test_ema_refuses_odd_memories(memory: float) -> None:
    with pytest.raises(ValueError, match="memory"):
        smoothing.ema(PATH, memory)


def test_nothing_measured_is_an_error() -> None:
    nothing = np.full((3, 2), np.nan)
    for smooth in (lambda v: smoothing.ema(v, 0.5), lambda v: smoothing.kalman(v, 1, 1)):
        with pytest.raises(ValueError, match="measured"):
            smooth(nothing)
    with pytest.raises(ValueError, match="more than 0"):
        smoothing.kalman(PATH, 1, 0)
