"""How sharp the film's face is."""

from collections.abc import Callable

from faceloom.metrics.moment import Moment
from faceloom.pixels.masks import eroded
from faceloom.pixels.sharpness import sobel

INWARDS = 3  # px: the seam is not the face


def make() -> Callable[[Moment], dict[str, float]]:
    """What gives `sharpness`: root of the mean squared gradient of luma, grey levels a pixel.

    By Sobel's operator, on the film's own frame, inside the mask shrunk by INWARDS pixels.
    """

    def scores(moment: Moment) -> dict[str, float]:
        now = moment.now
        window = now.window(INWARDS)
        mask = (now.mask * now.clear())[window]
        return {"sharpness": sobel(now.film[window], eroded(mask, INWARDS))}

    return scores
