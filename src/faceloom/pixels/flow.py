"""Where pixels go from one picture to the next, and what they bring along."""

import cv2
import numpy as np
from numpy.typing import NDArray

Flow = NDArray[np.float32]
"""(H, W, 2): for each pixel, how many pixels right and down it was in the other picture."""

TRUSTED = 1.0  # pixels by which there and back may differ


def flow(image: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[Flow, NDArray[np.float32]]:
    """Where each pixel of an image was in another, and whether that may be trusted.

    Dense inverse search (Kroeger et al. 2016), both ways; trust (H, W) is 0 where there and back
    do not meet, else up to 1.
    """
    one, two = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (image, other))
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    still = np.zeros((*one.shape, 2), np.float32)
    there = np.asarray(search.calc(one, two, still.copy()), np.float32)
    back = np.asarray(search.calc(two, one, still.copy()), np.float32)
    missed = np.linalg.norm(there + brought(back, there), axis=2)
    return there, np.clip(1 - missed / TRUSTED, 0, 1).astype(np.float32)


def brought(values: NDArray[np.float32], flow: Flow) -> NDArray[np.float32]:
    """Values (H, W, C) of the other picture where this one's pixels are; borders repeat."""
    rows, columns = np.indices(flow.shape[:2], np.float32)
    found = cv2.remap(
        values,
        columns + flow[..., 0],
        rows + flow[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(found, np.float32)
