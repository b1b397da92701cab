"""Coarse structure over a wide seam, fine structure over a narrow one (Burt and Adelson 1983)."""

from collections.abc import Callable
from math import log2

import numpy as np

from ..pixels import pyramid
from . import AROUND

Image = np.ndarray

REACH = 2.2  # pixels beyond the mask, doubled by each level, where half a grey level may change


def make(*, levels: int) -> Callable[[Image, Image, Image, float], Image]:
    """A blender: face and frame (H, W, 3), mask (H, W), the crop's side in pixels; to float32.

    levels: of the pyramid; fewer where they would reach beyond what is shown of the frame.
    """

    def blended(face: Image, frame: Image, mask: Image, side: float) -> Image:
        within = int(log2(max(AROUND * side / REACH, 2)))
        return np.clip(pyramid.blend(face, frame, mask, min(levels, within)), 0, 255)

    return blended
