"""What each pixel of a face's crop shows, and what lies over the face."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from faceloom.pixels.arrays import Mask
from faceloom.pixels.masks import dilated

LABELS = ("background", "skin", "hair", "cloth", "eyes", "mouth", "occluder", "glasses")
"""What a pixel can show, by its number; mouth is its inside, skin is that of the neck too."""

Labels = NDArray[np.uint8]
"""(H, W), numbers of LABELS."""


class Parse(NamedTuple):
    """What is in a crop: a label for each pixel, and how much of it is the face that is seen."""

    labels: Labels
    face: Mask


def covered(labels: Labels, covers: Sequence[str]) -> Mask:
    """1 where one of these labels lies, else 0."""
    numbers = [LABELS.index(name) for name in covers]
    return np.isin(labels, numbers).astype(np.float32)


def lowered(mask: Mask, covering: Mask, grow: int) -> Mask:
    """The mask without what covers the face, and so many pixels more.

    The edge is smoothed over about two pixels, so that no staircase is seen.
    """
    wide = dilated(covering, grow) if grow else covering
    return np.asarray(mask * (1 - cv2.GaussianBlur(wide, (0, 0), 1.0)), np.float32)
