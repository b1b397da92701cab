"""truth: errors are counted where they are, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from faceloom.metrics import truth
from faceloom.pixels import differences

score = truth.make(seam=4)


def psnr(error: float) -> float:
    return float(20 * np.log10(255 / error))


def test_decibels_are_those_of_floats(frame: Callable) -> None:
    mask = (np.random.default_rng(3).random((80, 96)) > 0.7).astype(np.float32)
    found = truth.decibels(frame(1), frame(2), mask)
    assert found == pytest.approx(differences.psnr(frame(1), frame(2), mask), rel=1e-9)
    assert truth.decibels(frame(1), frame(1), mask) == truth.HIGHEST
    assert np.isnan(truth.decibels(frame(1), frame(2), mask * 0))


def distances_to_edge() -> tuple[np.ndarray, np.ndarray]:
    """Of each pixel: is it in the mask, and how far is the nearest one on the other side?"""
    inside = np.zeros((80, 96), bool)
    inside[24:56, 32:64] = True
    places = np.argwhere(np.ones_like(inside))
    far = np.empty(len(places))
    for side in (True, False):
        others = np.argwhere(inside != side)
        own = inside.ravel() == side
        gaps = places[own][:, None, :] - others[None]
        far[own] = np.sqrt((gaps**2).sum(-1).min(1))
    return inside, far.reshape(80, 96)


def test_without_truth_there_is_nothing_to_say(moment: Callable, frame: Callable) -> None:
    assert score(moment(frame(0))) == {}


def test_the_truth_itself_is_perfect(moment: Callable, frame: Callable) -> None:
    assert score(moment(frame(0), truth=frame(0))) == {
        "truth_psnr_face": 99,
        "truth_ssim_face": 1,
        "truth_psnr_seam": 99,
        "truth_psnr_outside": 99,
    }


def test_an_error_in_the_face_is_one_of_face_and_seam(moment: Callable, frame: Callable) -> None:
    inside, far = distances_to_edge()
    film = frame(0)
    film[inside] += 10
    found = score(moment(film, truth=frame(0)))
    seam = (far <= 4.5) & (far > 0)
    share = (seam & inside).sum() / seam.sum()
    assert found["truth_psnr_face"] == pytest.approx(psnr(10))
    assert found["truth_psnr_outside"] == 99
    assert found["truth_psnr_seam"] == pytest.approx(psnr(10 * np.sqrt(share)), abs=0.2)
    assert 0.5 < found["truth_ssim_face"] < 1


def test_an_error_far_outside_is_one_of_outside_alone(moment: Callable, frame: Callable) -> None:
    inside, far = distances_to_edge()
    film = frame(0)
    film[~inside & (far > 9)] += 20
    found = score(moment(film, truth=frame(0)))
    assert found["truth_psnr_face"] == found["truth_psnr_seam"] == 99
    assert 0 < found["truth_psnr_outside"] - psnr(20) < 1


def test_a_label_counts_nowhere(moment: Callable, frame: Callable) -> None:
    film = frame(0)
    film[30:40, 0:60] = 255
    found = score(moment(film, truth=frame(0), mark=(0, 30, 60, 40)))
    assert list(found.values()) == pytest.approx([99, 1, 99, 99])


def test_an_ssim_window_does_not_look_at_the_label(moment: Callable, frame: Callable) -> None:
    film = frame(0)
    film[34:36, 40:42] = 255
    assert score(moment(film, truth=frame(0), mark=(40, 34, 42, 36)))["truth_ssim_face"] == 1


def test_even_one_level_in_one_pixel_is_no_more_than_the_highest(
    moment: Callable, frame: Callable
) -> None:
    film = frame(0)
    film[40, 40, 0] += 1
    found = score(moment(film, truth=frame(0)))
    assert found["truth_psnr_face"] == pytest.approx(10 * np.log10(255**2 * 3 * 32 * 32))
    assert found["truth_psnr_face"] < truth.HIGHEST


def test_another_face_that_is_swapped_is_not_outside(
    moment: Callable, frame: Callable, face: Callable
) -> None:
    film = frame(0)
    film[24:56, 64:] += 40  # where the other one is, 32 to the right
    alone = moment(film, truth=frame(0))
    assert score(alone)["truth_psnr_outside"] < 30
    other = face(np.array([[1.0, 0, -48], [0, 1.0, -8]]), track=1)
    both = replace(alone, now=replace(alone.now, others=(other,)))
    assert score(both)["truth_psnr_outside"] == 99
