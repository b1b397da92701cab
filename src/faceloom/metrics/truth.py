"""How near the film is to the true one: in the face, along its seam, and outside."""

from collections.abc import Callable
from math import log10

import cv2
import numpy as np

from faceloom.metrics.moment import Image, Moment
from faceloom.pixels.arrays import Mask
from faceloom.pixels.differences import ssim
from faceloom.pixels.masks import dilated, ring

HIGHEST = 99.0  # dB: given to what is the same in every pixel, so that it stays a number
REACH = 5  # px: how far ssim looks around a pixel


def make(*, seam: int) -> Callable[[Moment], dict[str, float]]:
    """What gives `truth_psnr_face`, `truth_ssim_face`, `truth_psnr_seam`, `truth_psnr_outside`.

    The face is where the mask is above .5; the seam reaches so many pixels to both sides of the
    face's edge; outside is all beyond the seam, and beyond the seams of the other faces that are
    swapped in the frame. PSNR is in dB, at most HIGHEST.

    Args:
        seam: half the width of the seam, in pixels of the frame.
    """

    def scores(moment: Moment) -> dict[str, float]:
        now, truth = moment.now, moment.now.truth
        if truth is None:
            return {}
        window = now.window(seam + 2 * REACH)
        film, true = now.film[window], truth[window]
        face = (now.mask[window] > 0.5).astype(np.float32)
        clear = now.clear()
        outside = clear.copy()
        outside[window] *= 1 - dilated(face, seam)
        if now.others:
            outside *= 1 - dilated(now.elsewhere, seam)
        return {
            "truth_psnr_face": decibels(film, true, face * clear[window]),
            "truth_ssim_face": ssim(film, true, face * now.clear(REACH)[window]),
            "truth_psnr_seam": decibels(film, true, ring(face, seam, seam) * clear[window]),
            "truth_psnr_outside": decibels(now.film, truth, outside),
        }

    return scores


def decibels(one: Image, two: Image, mask: Mask) -> float:
    """PSNR inside a mask of 0 and 1, over R, G and B, at most HIGHEST; nan in an empty mask.

    Sums of whole numbers: as exact as `differences.psnr`, and in an HD frame much faster.
    """
    where = (mask > 0).astype(np.uint8)
    count = 3 * cv2.countNonZero(where)
    if not count:
        return float("nan")
    error = cv2.norm(one, two, cv2.NORM_L2SQR, where) / count
    return min(HIGHEST, 10 * log10(255**2 / error)) if error else HIGHEST
