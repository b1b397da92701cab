"""The face's gradients with the frame's colours at the edge (Perez et al. 2003).

The edge has to lie on the face: the colour of a wall beside it would spread all over the cheek.
"""

from collections.abc import Callable

import numpy as np

from ..pixels import poisson
from ..pixels.colour import usual
from ..pixels.masks import retreated

Image = np.ndarray

MARGIN = 2  # pixels: in them the face's own edge mixes with what is behind


def make() -> Callable[[Image, Image, Image, float], Image]:
    """A blender: face and frame (H, W, 3), mask (H, W), the crop's side in pixels; to float32."""

    def blended(face: Image, frame: Image, mask: Image, _side: float) -> Image:
        on_face = retreated(mask, usual(frame, (mask > 0.5).astype(np.float32)), MARGIN)
        return np.clip(poisson.blend(face, frame, on_face), 0, 255)

    return blended
