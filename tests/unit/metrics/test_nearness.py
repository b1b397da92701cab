"""nearness: distances to both portraits, of whom there is one, in the judge's name."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from faceloom.metrics.judged import judged
from faceloom.metrics.moment import Moment
from faceloom.metrics.nearness import nearness
from faceloom.rows.faces import Face

SFACE = Path(__file__).parents[3] / "resources/weights/sface.onnx"

LOOK, HOST, DONOR = np.array([0.0, 0]), np.array([3.0, 4]), np.array([0.0, 1])


def test_distances_to_both_and_which_is_nearer() -> None:
    found = nearness(LOOK, (HOST, DONOR))
    assert found == {"host_distance": 5, "donor_distance": 1, "nearer_donor": 1}
    assert nearness(LOOK, (DONOR, HOST))["nearer_donor"] == 0


def test_whose_portrait_is_not_known_has_no_distance() -> None:
    assert nearness(LOOK, (None, DONOR)) == {"donor_distance": 1}
    assert nearness(LOOK, (None, None)) == {}


def test_a_judge_speaks_in_its_own_name() -> None:
    assert set(nearness(LOOK, (HOST, DONOR), "sface")) == {
        "sface_host_distance",
        "sface_donor_distance",
        "sface_nearer_donor",
    }


def test_a_judge_is_asked_about_faces_that_were_found(
    moment: Callable[..., Moment], face: Callable[..., Face], frame: Callable[[int], np.ndarray]
) -> None:
    if not SFACE.exists():
        pytest.skip("sface.onnx is not there; fetch it with faceloom weights")
    score = judged("sface", SFACE)

    def asked(*, bridged: bool, portraits: tuple[np.ndarray | None, np.ndarray | None]) -> set[str]:
        found = face(bridged=bridged)
        points = found.points
        judges = {"sface": portraits}
        return set(
            score(moment(frame(1), face=found, judged=judges, landmarker=lambda *_: [points]))
        )

    known = (np.zeros(128), np.ones(128))
    assert len(asked(bridged=False, portraits=known)) == 3
    assert asked(bridged=True, portraits=known) == set()
    assert asked(bridged=False, portraits=(None, None)) == set()
