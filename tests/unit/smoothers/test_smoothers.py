"""Smoothers: what they leave alone, how strong they are, and that nothing comes late."""

import numpy as np
import pytest

from faceloom.smoothers import ema, kalman, raw

DRAWS = np.random.default_rng(4)
PATH = np.column_stack([np.linspace(0, 30, 31), np.linspace(50, -10, 31)])
NOISY = PATH + DRAWS.normal(0, 1, PATH.shape)
WIDTH = 100.0
SMOOTHERS = {
    "raw": raw.make(),
    "ema": ema.make(memory=0.65),
    "kalman": kalman.make(process=0.004, measurement=0.008),
}
every = pytest.mark.parametrize("kind", SMOOTHERS)
strong = pytest.mark.parametrize("kind", ["ema", "kalman"])


def with_gap(values: np.ndarray) -> np.ndarray:
    """The same, six rows of it not measured."""
    holed = values.copy()
    holed[12:18] = np.nan
    return holed


def test_raw_leaves_all_as_it_is() -> None:
    assert np.array_equal(SMOOTHERS["raw"](NOISY, WIDTH), NOISY)


@pytest.mark.parametrize("kind", ["raw", "kalman"])
def test_a_gap_in_even_motion_is_filled_with_even_motion(kind: str) -> None:
    assert np.allclose(SMOOTHERS[kind](with_gap(PATH), WIDTH), PATH, atol=1e-6)


@every
def test_one_row_comes_back(kind: str) -> None:
    assert np.allclose(SMOOTHERS[kind](PATH[:1], WIDTH), PATH[:1])


@strong
def test_noise_becomes_less(kind: str) -> None:
    left = SMOOTHERS[kind](NOISY, WIDTH) - PATH
    assert left[5:-5].std() < 0.7 * (NOISY - PATH)[5:-5].std()


@strong
def test_nothing_is_late(kind: str) -> None:
    """A step in the middle is taken as much before as after it."""
    step = np.repeat([0.0, 1.0], 20)[:, None]
    taken = SMOOTHERS[kind](step, 10.0)[:, 0]
    assert np.allclose(taken[10:30] + taken[29:9:-1], 1, atol=0.01)
    assert 0.05 < taken[19] < 0.5


@strong
def test_columns_do_not_touch_each_other(kind: str) -> None:
    both = SMOOTHERS[kind](NOISY, WIDTH)
    assert np.allclose(both[:, :1], SMOOTHERS[kind](NOISY[:, :1], WIDTH))


def test_memory_is_how_much_is_kept() -> None:
    assert np.allclose(ema.make(memory=0.0)(NOISY, WIDTH), NOISY)
    pulse = np.zeros((41, 1))
    pulse[20] = 1
    answer = ema.make(memory=0.5)(pulse, WIDTH)[:, 0]
    # forwards .5, .25, ...; backwards over that: in the middle 1/3, then half as much each frame
    assert answer[20] == pytest.approx(1 / 3)
    assert answer[22:30] == pytest.approx(answer[21:29] / 2)
    assert answer[18:10:-1] == pytest.approx(answer[19:11:-1] / 2, rel=1e-3)


def test_kalman_is_in_shares_of_the_face() -> None:
    smooth = SMOOTHERS["kalman"]
    assert np.allclose(smooth(3 * NOISY, 3 * WIDTH), 3 * smooth(NOISY, WIDTH))
    stiff, loose = kalman.make(process=0.004, measurement=0.05), smooth
    assert np.diff(stiff(NOISY, WIDTH), axis=0).std() < np.diff(loose(NOISY, WIDTH), axis=0).std()
