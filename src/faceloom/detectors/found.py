"""What a detector finds."""

from typing import NamedTuple

import numpy as np


class Found(NamedTuple):
    """A face: its box (left, top, right, bottom) in pixels of the picture, and how sure it is."""

    box: np.ndarray
    score: float
