"""How near the film is to the true one, region by region as the renderer labelled them."""

from collections.abc import Callable

import numpy as np

from faceloom.metrics.moment import HAIR, OCCLUDERS, Labels, Moment, Shown
from faceloom.metrics.truth import REACH, decibels
from faceloom.pixels.arrays import Mask
from faceloom.pixels.differences import ssim
from faceloom.pixels.masks import dilated, ring

FEWEST = 16  # pixels: of fewer nothing is said


def make(*, seam: int) -> Callable[[Moment], dict[str, float]]:
    """What gives `labelled_psnr_REGION` (dB) and `labelled_ssim_REGION`, where there are labels.

    The regions: `face`, where the donor's face is seen; `seam`, so many pixels to both sides of its
    edge, without what is before the face; `occluder`, what is before the face, so near to it that
    new pixels could be painted over it; `outside`, all beyond the seam and that, without hair,
    which hangs against changed cheeks.

    Args:
        seam: half the width of the seam, in pixels of the frame.
    """

    def scores(moment: Moment) -> dict[str, float]:
        now = moment.now
        if now.truth is None or now.labels is None:
            return {}
        found = {}
        for name, region in regions(now, now.labels, seam).items():
            if np.count_nonzero(region) >= FEWEST:
                found[f"labelled_psnr_{name}"] = decibels(now.film, now.truth, region * now.clear())
                found[f"labelled_ssim_{name}"] = ssim(
                    now.film, now.truth, region * now.clear(REACH)
                )
        return found

    return scores


def regions(now: Shown, labels: Labels, seam: int) -> dict[str, Mask]:
    """Every region as a mask of 0 and 1, (H, W)."""
    face = (labels.swap > 0).astype(np.float32)
    before = np.isin(labels.kinds, OCCLUDERS).astype(np.float32)
    hair = (labels.kinds == HAIR).astype(np.float32)
    paintable = dilated((now.mask > 0.5).astype(np.float32), seam)
    occluder = before * paintable
    outside = (1 - dilated(face, seam)) * (1 - dilated(occluder, seam)) * (1 - hair)
    return {
        "face": face,
        "seam": ring(face, seam, seam) * (1 - before),
        "occluder": occluder,
        "outside": outside,
    }
