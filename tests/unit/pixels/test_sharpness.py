import cv2
import numpy as np

from faceloom.pixels import sharpness

MASK = np.zeros((30, 40), np.float32)
MASK[5:25, 5:35] = 1


def grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[..., None], 3, axis=2).astype(np.float32)


def test_luma_by_hand() -> None:
    image = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]]], np.uint8)
    assert np.allclose(sharpness.luma(image), [[76.245, 149.685, 29.07, 9]], atol=1e-3)


def test_a_ramp_has_its_slope() -> None:
    y, x = np.mgrid[:30, :40]
    assert np.isclose(sharpness.sobel(grey(3.0 * x + 4 * y), MASK), 5, atol=1e-4)
    assert np.isclose(sharpness.laplacian(grey(3.0 * x + 4 * y), MASK), 0, atol=1e-3)


def test_a_parabola_has_its_curve() -> None:
    y, x = np.mgrid[:30, :40]
    assert np.isclose(sharpness.laplacian(grey(0.1 * (x - 20) ** 2 + 0 * y), MASK), 0.2, atol=1e-4)


def test_blur_is_less_sharp_and_the_outside_does_not_count() -> None:
    image = np.random.default_rng(0).uniform(0, 255, (30, 40, 3)).astype(np.float32)
    blurred = cv2.GaussianBlur(image, (0, 0), 1.5)
    for measure in (sharpness.sobel, sharpness.laplacian):
        assert measure(blurred, MASK) < 0.6 * measure(image, MASK)
        around = blurred.copy()
        around[:3] = around[-3:] = 255
        assert measure(around, MASK) == measure(blurred, MASK)


def test_exposure_by_hand() -> None:
    values = np.full((30, 40), 100.0)
    values[5:10, 5:35] = 255
    values[10:15, 5:35] = 2
    mean, clipped = sharpness.exposure(grey(values), MASK)
    assert np.isclose(mean, (100 * 10 + 255 * 5 + 2 * 5) / 20, atol=1e-3)
    assert np.isclose(clipped, 0.5)


def test_an_empty_mask_has_no_number() -> None:
    image = np.zeros((30, 40, 3), np.uint8)
    numbers = [sharpness.sobel(image, MASK * 0), sharpness.laplacian(image, MASK * 0)]
    assert np.isnan([*numbers, *sharpness.exposure(image, MASK * 0)]).all()
