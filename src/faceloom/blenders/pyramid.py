"""Coarse structure over a wide seam, fine structure over a narrow one (Burt and Adelson 1983)."""

from collections.abc import Callable

import numpy as np

from ..pixels import pyramid

Image = np.ndarray


def make(*, levels: int) -> Callable[[Image, Image, Image, float], Image]:
    """A blender: face and frame (H, W, 3), mask (H, W), the crop's side in pixels; to float32."""

    def blended(face: Image, frame: Image, mask: Image, _side: float) -> Image:
        return np.clip(pyramid.blend(face, frame, mask, levels), 0, 255)

    return blended
