"""How much the film's face jumps from frame to frame."""

from collections.abc import Callable

import numpy as np

from faceloom.metrics.moment import Moment


def make() -> Callable[[Moment], dict[str, float]]:
    """What gives `flicker`: mean over the mask of |F[t+1] - 2 F[t] + F[t-1]|, in grey levels.

    F is luma in the host's crop, which holds the face still: a pixel that changes at a constant
    pace does not flicker. Only where the track was there one frame before and one frame later.
    """

    def scores(moment: Moment) -> dict[str, float]:
        before, now, after = moment.before, moment.now, moment.after
        if before is None or after is None:
            return {}
        jumps = np.abs(after.steady - 2 * now.steady + before.steady)
        weight = now.steady_mask * before.steady_clear * now.steady_clear * after.steady_clear
        whole = float(weight.sum(dtype=np.float64))
        return {"flicker": float((jumps * weight).sum(dtype=np.float64)) / whole} if whole else {}

    return scores
