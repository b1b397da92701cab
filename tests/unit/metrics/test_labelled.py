"""regions and drift: by a renderer's labels, and over time."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from faceloom.metrics import drift, regions
from faceloom.metrics.moment import Labels, Moment, Shown

HEIGHT, WIDTH = 80, 96
FACE = (slice(30, 50), slice(38, 58))  # where the donor's face is seen
HAND = (slice(44, 50), slice(38, 58))  # what is before it
SCORE = regions.make(seam=4)


def labels(hand: bool = False) -> Labels:
    swap = np.zeros((HEIGHT, WIDTH), np.uint8)
    kinds = np.zeros((HEIGHT, WIDTH), np.uint8)
    swap[FACE] = 1
    kinds[10:70, 20:80] = 1
    kinds[10:20, 20:80] = 2
    if hand:
        swap[HAND] = 0
        kinds[HAND] = 6
    return Labels(swap, kinds)


def score(moment: Callable, film: np.ndarray, truth: np.ndarray, **known: Any) -> dict[str, float]:
    made = moment(film, truth=truth)
    told = Shown(made.now.face, film, film, truth, labels=labels(**known))
    return SCORE(Moment(told, None, None, made.landmarker))


def psnr(error: float) -> float:
    return 20 * np.log10(255 / error)


def test_without_labels_there_is_nothing_to_say(moment: Callable, frame: Callable) -> None:
    assert SCORE(moment(frame(0), truth=frame(0))) == {}
    assert SCORE(moment(frame(0))) == {}


def test_the_truth_itself_is_perfect_in_every_region(moment: Callable, frame: Callable) -> None:
    found = score(moment, frame(0), frame(0), hand=True)
    names = ("face", "seam", "occluder", "outside")
    perfect = {f"labelled_psnr_{name}": 99 for name in names}
    assert found == perfect | {f"labelled_ssim_{name}": pytest.approx(1) for name in names}


def test_an_error_counts_where_it_is(moment: Callable, frame: Callable) -> None:
    film = frame(0)
    film[30:44, 38:58] += 10  # the face above the hand
    found = score(moment, film, frame(0), hand=True)
    assert found["labelled_psnr_face"] == pytest.approx(psnr(10))
    assert found["labelled_psnr_occluder"] == found["labelled_psnr_outside"] == 99
    assert psnr(10) < found["labelled_psnr_seam"] < 99


def test_what_is_painted_over_a_hand_is_no_error_of_the_face(
    moment: Callable, frame: Callable
) -> None:
    film = frame(0)
    film[HAND] += 20
    found = score(moment, film, frame(0), hand=True)
    assert found["labelled_psnr_occluder"] == pytest.approx(psnr(20))
    assert found["labelled_psnr_face"] == found["labelled_psnr_outside"] == 99
    assert found["labelled_ssim_occluder"] < 0.999


def test_hair_counts_nowhere_outside(moment: Callable, frame: Callable) -> None:
    film = frame(0)
    film[10:20, 20:80] += 30
    assert score(moment, film, frame(0))["labelled_psnr_outside"] == 99
    film[72:, :] += 30
    assert score(moment, film, frame(0))["labelled_psnr_outside"] < 30


def test_where_nothing_is_before_the_face_there_is_no_such_region(
    moment: Callable, frame: Callable
) -> None:
    assert "labelled_psnr_occluder" not in score(moment, frame(0), frame(0))


def over_time(moment: Callable, films: list[np.ndarray], truths: list[np.ndarray]) -> Any:
    made = moment(films[0])
    first, second = (
        Shown(made.now.face, film, film, truth) for film, truth in zip(films, truths, strict=True)
    )
    return drift.make()(Moment(second, first, None, made.landmarker))


def test_a_constant_error_does_not_drift(moment: Callable, frame: Callable) -> None:
    truths = [frame(0), frame(1)]
    found = over_time(moment, [truth + np.uint8(9) for truth in truths], truths)
    assert found["truth_drift"] == pytest.approx(0, abs=1e-3)


def test_an_error_that_comes_drifts_by_as_much(moment: Callable, frame: Callable) -> None:
    truths = [frame(0), frame(1)]
    found = over_time(moment, [truths[0], truths[1] + np.uint8(9)], truths)
    assert found["truth_drift"] == pytest.approx(9, rel=1e-3)


def test_what_should_move_and_does_not_drifts(moment: Callable, frame: Callable) -> None:
    still = frame(0)
    found = over_time(moment, [still, still], [still, still + np.uint8(5)])
    assert found["truth_drift"] == pytest.approx(5, rel=1e-3)


def test_nothing_drifts_in_the_first_frame_or_without_truth(
    moment: Callable, frame: Callable
) -> None:
    assert drift.make()(moment(frame(0), truth=frame(0))) == {}
    before = moment(frame(0)).now
    assert drift.make()(moment(frame(1), before=before)) == {}
