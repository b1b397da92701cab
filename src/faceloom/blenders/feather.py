"""The face laid over the frame, fading out inwards from the mask's edge."""

from collections.abc import Callable

import numpy as np

from ..pixels.masks import feathered

Image = np.ndarray


def make(*, width: float) -> Callable[[Image, Image, Image, float], Image]:
    """A blender: face and frame (H, W, 3), mask (H, W) and the crop's side in pixels, to float32.

    width: standard deviation of the fade, as a share of the crop's side.
    """

    def blended(face: Image, frame: Image, mask: Image, side: float) -> Image:
        alpha = feathered(mask, width * side)[..., None]
        result: Image = frame + alpha * (face.astype(np.float32) - frame)
        return result

    return blended
