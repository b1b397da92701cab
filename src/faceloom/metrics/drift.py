"""How much the film's error against the true film changes from frame to frame."""

from collections.abc import Callable

import numpy as np

from faceloom.metrics.moment import Moment


def make() -> Callable[[Moment], dict[str, float]]:
    """What gives `truth_drift`: root mean square over the mask of D[t] - D[t-1], in grey levels.

    D is the luma of the film less that of the truth, in the host's crop, which holds the face
    still. A constant error does not drift, however large; what jumps does, and what should have
    moved and has not. It is dtSSD (Erofeev et al. 2015, "Perceptually motivated benchmark for
    video matting", section 3) of pictures instead of mattes. Only where the track was there one
    frame before.
    """

    def scores(moment: Moment) -> dict[str, float]:
        before, now = moment.before, moment.now
        if before is None or before.steady_truth is None or now.steady_truth is None:
            return {}
        change = (now.steady - now.steady_truth) - (before.steady - before.steady_truth)
        clear = before.steady_mask * before.steady_clear * now.steady_clear
        weight = now.steady_mask * clear
        whole = float(weight.sum(dtype=np.float64))
        squares = float((np.square(change) * weight).sum(dtype=np.float64))
        return {"truth_drift": float(np.sqrt(squares / whole))} if whole else {}

    return scores
