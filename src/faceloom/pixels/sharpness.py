"""How sharp and how well lit a picture is inside a mask; all of it in grey levels 0..255.

Inside an empty mask every number is not a number (nan).
"""

import cv2
import numpy as np
from numpy.typing import ArrayLike

from faceloom.pixels.arrays import Floats, Image, Mask

BLACK, WHITE = 5.0, 250.0
"""Luma at or beyond these counts as clipped."""


def luma(image: Image) -> Floats:
    """Luma by ITU-R BT.601, (H, W) float32 in 0..255."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(image.astype(np.float32) @ weights, np.float32)


def sobel(image: Image, mask: Mask) -> float:
    """Root of the mean squared gradient of luma, in grey levels per pixel (Tenengrad).

    Gradients are Sobel's 3x3 sums over 8, so a ramp of 1 a pixel gives 1.
    """
    grey = luma(image)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    return float(np.sqrt(_mean(np.square(across) + np.square(down), mask)))


def laplacian(image: Image, mask: Mask) -> float:
    """Root of the mean squared Laplacian of luma (four neighbours less four times the pixel)."""
    return float(np.sqrt(_mean(np.square(cv2.Laplacian(luma(image), cv2.CV_32F)), mask)))


def exposure(image: Image, mask: Mask) -> tuple[float, float]:
    """Mean luma, and the share of the mask that is as good as black or white."""
    grey = luma(image)
    return _mean(grey, mask), _mean((grey <= BLACK) | (grey >= WHITE), mask)


def _mean(values: ArrayLike, mask: Mask) -> float:
    weight = float(mask.sum(dtype=np.float64))
    if weight == 0:
        return float("nan")
    return float((np.asarray(values, np.float64) * mask).sum()) / weight
