"""Names for the arrays that the pictures are kept in."""

from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8] | NDArray[np.float32]
"""(H, W, 3) RGB, uint8 or float32 in 0..255."""

Floats: TypeAlias = NDArray[np.float32]
"""An image in float32."""

Mask: TypeAlias = NDArray[np.float32]
"""(H, W) in 0..1; 1 = take the new face."""


Picture = TypeVar("Picture", bound=NDArray[np.uint8] | NDArray[np.float32])
"""An image or a mask, where what comes back is of the type that went in."""


def like(values: NDArray[np.floating[Any]], image: Picture) -> Picture:
    """Values cut to 0..255, in the image's own type (rounded where that is uint8)."""
    inside = np.clip(values, 0, 255)
    whole = np.rint(inside) if image.dtype == np.uint8 else inside
    return cast(Picture, whole.astype(image.dtype))
