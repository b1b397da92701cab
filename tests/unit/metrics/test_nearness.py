"""nearness: distances to both portraits, of whom there is one, in the judge's name."""

import numpy as np

from faceloom.metrics.nearness import nearness

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
