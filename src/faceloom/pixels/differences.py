"""How far two pictures differ inside a mask; nan inside an empty one."""

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.pixels.arrays import Image, Mask

_WINDOW, _SIGMA = 11, 1.5
_STEADY_MEAN, _STEADY_SPREAD = (0.01 * 255) ** 2, (0.03 * 255) ** 2

Planes = NDArray[np.float64]


def psnr(one: Image, two: Image, mask: Mask | None = None) -> float:
    """Peak signal to noise ratio in dB, over R, G and B; infinite where the two are the same."""
    squares = np.square(one.astype(np.float64) - two.astype(np.float64)).mean(axis=-1)
    error = _mean(squares, mask)
    if error == 0:
        return float("inf")
    return float(10 * np.log10(255**2 / error))


def ssim(one: Image, two: Image, mask: Mask | None = None) -> float:
    """Structural similarity (Wang et al. 2004), -1..1, 1 where the two are the same.

    Gaussian windows of 11x11, sigma 1.5, K .01 and .03, the mean over R, G and B. Only windows
    wholly inside the picture count, so the outer 5 pixels of the mask's picture do not.
    """
    edge = _WINDOW // 2
    if min(one.shape[:2]) < _WINDOW:
        raise ValueError(f"ssim needs pictures of {_WINDOW} pixels or more")
    inner = (slice(edge, -edge), slice(edge, -edge))
    values = similarities(one, two)[inner].mean(axis=-1)
    return _mean(values, None if mask is None else mask[inner])


def similarities(one: Image, two: Image) -> Planes:
    """Structural similarity of each pixel's window and channel, (H, W, 3) (Wang 2004, eq. 13)."""
    first, second = one.astype(np.float64), two.astype(np.float64)
    means = _blurred(first), _blurred(second)
    spreads = (_blurred(first**2) - means[0] ** 2, _blurred(second**2) - means[1] ** 2)
    shared = _blurred(first * second) - means[0] * means[1]
    light = (2 * means[0] * means[1] + _STEADY_MEAN) / (
        means[0] ** 2 + means[1] ** 2 + _STEADY_MEAN
    )
    shape: Planes = (2 * shared + _STEADY_SPREAD) / (spreads[0] + spreads[1] + _STEADY_SPREAD)
    return light * shape


def _blurred(values: Planes) -> Planes:
    return np.asarray(cv2.GaussianBlur(values, (_WINDOW, _WINDOW), _SIGMA), np.float64)


def _mean(values: Planes, mask: Mask | None) -> float:
    if mask is None:
        return float(values.mean())
    weight = float(mask.sum(dtype=np.float64))
    return float((values * mask).sum()) / weight if weight else float("nan")
