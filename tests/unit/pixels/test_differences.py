import cv2
import numpy as np
import pytest

from faceloom.pixels import differences

RNG = np.random.default_rng(13)
ONE = RNG.integers(0, 256, (24, 30, 3)).astype(np.uint8)
TWO = np.clip(ONE + RNG.normal(0, 25, ONE.shape), 0, 255).astype(np.uint8)
MASK = np.zeros((24, 30), np.float32)
MASK[8:15, 9:20] = 1


def window() -> np.ndarray:
    reach = np.arange(-5, 6)
    bell = np.exp(-(reach**2) / (2 * 1.5**2))
    whole = np.outer(bell, bell)
    return whole / whole.sum()


def ssim_at(y: int, x: int, channel: int) -> float:
    """Equation 13 of the paper for one window."""
    patch = (slice(y - 5, y + 6), slice(x - 5, x + 6), channel)
    a, b, w = ONE[patch].astype(float), TWO[patch].astype(float), window()
    ma, mb = (w * a).sum(), (w * b).sum()
    va, vb, vab = (
        (w * (a - ma) ** 2).sum(), (w * (b - mb) ** 2).sum(), (w * (a - ma) * (b - mb)).sum()
    )  # fmt: skip
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return (2 * ma * mb + c1) * (2 * vab + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))


def test_ssim_is_the_mean_of_all_whole_windows() -> None:
    values = [ssim_at(y, x, c) for y in range(5, 19) for x in range(5, 25) for c in range(3)]
    assert np.isclose(differences.ssim(ONE, TWO), np.mean(values), atol=1e-9)


def test_ssim_in_a_mask() -> None:
    values = [ssim_at(y, x, c) for y in range(8, 15) for x in range(9, 20) for c in range(3)]
    assert np.isclose(differences.ssim(ONE, TWO, MASK), np.mean(values), atol=1e-9)


def test_the_same_is_one_and_infinite() -> None:
    assert np.isclose(differences.ssim(ONE, ONE, MASK), 1)
    assert differences.psnr(ONE, ONE, MASK) == np.inf


def test_psnr_by_hand() -> None:
    """Off by 10 in one of three channels in half the mask: mean square 100 / 6."""
    one = np.full((24, 30, 3), 100, np.uint8)
    two = one.copy()
    half = np.zeros((24, 30), np.float32)
    half[:10, :10] = 1
    two[:5, :10, 1] -= 10
    two[20:] = 0
    assert np.isclose(differences.psnr(one, two, half), 10 * np.log10(255**2 * 6 / 100))


def test_psnr_agrees_with_opencv() -> None:
    assert np.isclose(differences.psnr(ONE, TWO), cv2.PSNR(ONE, TWO))


def test_more_noise_is_worse() -> None:
    worse = np.clip(ONE + RNG.normal(0, 80, ONE.shape), 0, 255).astype(np.uint8)
    assert differences.ssim(ONE, worse, MASK) < differences.ssim(ONE, TWO, MASK)
    assert differences.psnr(ONE, worse, MASK) < differences.psnr(ONE, TWO, MASK)


def test_empty_masks_and_small_pictures() -> None:
    assert np.isnan(differences.ssim(ONE, TWO, MASK * 0))
    assert np.isnan(differences.psnr(ONE, TWO, MASK * 0))
    with pytest.raises(ValueError, match="11"):
        differences.ssim(ONE[:9], TWO[:9])
