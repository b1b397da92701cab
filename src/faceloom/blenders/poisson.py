"""The face's gradients with the frame's colours at the edge (Perez et al. 2003)."""

from collections.abc import Callable

import numpy as np

from ..pixels import poisson

Image = np.ndarray


def make() -> Callable[[Image, Image, Image, float], Image]:
    """A blender: face and frame (H, W, 3), mask (H, W), the crop's side in pixels; to float32."""

    def blended(face: Image, frame: Image, mask: Image, _side: float) -> Image:
        return np.clip(poisson.blend(face, frame, mask), 0, 255)

    return blended
