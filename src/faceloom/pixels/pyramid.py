"""Two pictures joined band by band, coarse parts over wide seams, fine parts over narrow ones."""

import cv2
import numpy as np

from faceloom.pixels.arrays import Floats, Image, Mask


def blend(face: Image, frame: Image, mask: Mask, levels: int) -> Floats:
    """The face in the frame, blended by Laplacian pyramids (Burt and Adelson 1983).

    Blending is linear, so the frame plus the blended pyramid of the difference is the same as
    blending two pyramids, at half the work.

    Args:
        face: (H, W, 3), laid out in the frame.
        frame: (H, W, 3).
        mask: (H, W).
        levels: bands beside the coarsest; fewer where the picture is too small. 0 mixes pixels.
    """
    background = np.asarray(frame, np.float32)
    bands = [np.asarray(face, np.float32) - background]
    masks = [np.asarray(mask, np.float32)]
    while len(bands) <= levels and min(bands[-1].shape[:2]) > 1:
        bands.append(np.asarray(cv2.pyrDown(bands[-1]), np.float32))
        masks.append(np.asarray(cv2.pyrDown(masks[-1]), np.float32))
    joined = bands[-1] * masks[-1][..., None]
    for band, coarser, weight in zip(bands[-2::-1], bands[:0:-1], masks[-2::-1], strict=True):
        size = (band.shape[1], band.shape[0])
        detail = band - cv2.pyrUp(coarser, dstsize=size)
        joined = cv2.pyrUp(joined, dstsize=size) + detail * weight[..., None]
    return np.clip(background + joined, 0, 255)
