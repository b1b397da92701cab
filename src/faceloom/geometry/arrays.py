"""Names for the arrays that the geometry is about.

Everywhere: x right, y down, pixel centres at whole numbers, nothing rounded.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.floating[Any]]
"""(..., P, 2) positions; landmarks are (68, 2) in dlib's order."""

Box: TypeAlias = NDArray[np.floating[Any]]
"""(4,) left, top, right, bottom."""

Matrix: TypeAlias = NDArray[np.float64]
"""(2, 3) motion of the plane; a crop's `matrix` takes frame to crop coordinates."""

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""
