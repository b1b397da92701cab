"""sharpness: gradients of the film's own pixels, inside the mask and away from its edge."""

from collections.abc import Callable

import numpy as np
import pytest

from faceloom.metrics import sharpness

score = sharpness.make()


def ramp(slope: float) -> np.ndarray:
    values = np.arange(96) * slope
    return np.broadcast_to(values[None, :, None], (80, 96, 3)).astype(np.uint8)


@pytest.mark.parametrize("slope", [0, 1, 2])
def test_a_ramp_is_as_sharp_as_it_is_steep(moment: Callable, slope: int) -> None:
    assert score(moment(ramp(slope))) == pytest.approx({"sharpness": slope}, abs=1e-4)


def test_the_seam_and_what_is_outside_do_not_count(moment: Callable, frame: Callable) -> None:
    film = frame(2)
    film[26:54, 34:62] = ramp(2)[26:54, 34:62]  # one pixel more than the shrunken mask, for Sobel
    assert score(moment(film))["sharpness"] == pytest.approx(2, abs=1e-4)
    film[28, 36] = 255
    assert score(moment(film))["sharpness"] > 2.1


def test_a_label_does_not_count(moment: Callable, frame: Callable) -> None:
    film = ramp(1)
    film[20:40, 30:50] = frame(4)[20:40, 30:50]
    marked = score(moment(film, mark=(30, 20, 50, 40)))
    assert marked["sharpness"] == pytest.approx(1, abs=1e-4)
    assert score(moment(film))["sharpness"] > 5


def test_there_is_no_number_where_all_is_label(moment: Callable, frame: Callable) -> None:
    assert np.isnan(score(moment(frame(1), mark=(0, 0, 96, 80)))["sharpness"])
