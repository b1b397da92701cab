import json

import numpy as np
import pytest

from faceloom.report.board import Board
from faceloom.report.statistics import DRAWS, Estimate


def of(mean, spread=0.01, n=50):
    return Estimate.of(mean, mean + np.linspace(-spread, spread, DRAWS), n)


def board(**variants):
    controls = {
        "untouched": {"s": {"sharpness": of(9.0), "donor_distance": of(0.8)}, "t": {}},
        "twin": {"s": {"sharpness": of(6.0), "donor_distance": of(0.2)}},
    }
    return Board(variants, controls)


def test_lower_higher_and_nearer_each_have_their_winner():
    low, high = of(1.0), of(5.0)
    it = board(
        a={"s": {"donor_distance": low, "truth_psnr_face": low, "sharpness": of(5.0)}},
        b={"s": {"donor_distance": high, "truth_psnr_face": high, "sharpness": of(8.0)}},
    )
    leaders = {name: it.ranking(name).leader for name in it.metrics()}
    assert leaders == {"donor_distance": "a", "truth_psnr_face": "b", "sharpness": "a"}


def test_without_a_truth_the_hosts_own_clip_is_what_is_right():
    it = Board(
        {"a": {"t": {"sharpness": of(4.0)}}, "b": {"t": {"sharpness": of(11.0)}}},
        {"untouched": {"t": {"sharpness": of(10.0)}}, "twin": {}},
    )
    assert it.ranking("sharpness").leader == "b"


def test_nothing_to_compare_with_ranks_nobody():
    it = Board({"a": {"t": {"sharpness": of(4.0)}}}, {"untouched": {}, "twin": {}})
    assert it.ranking("sharpness") is None


def test_a_variant_without_all_swaps_is_shown_but_not_ranked():
    it = board(
        a={"s": {"donor_distance": of(0.1)}},
        b={"s": {"donor_distance": of(0.3)}, "t": {"donor_distance": of(0.5)}},
    )
    assert not it.whole("a", "donor_distance")
    assert it.of("a", "donor_distance").mean == pytest.approx(0.1)
    assert it.ranking("donor_distance").order == ("b",)
    assert it.ranking("donor_distance", "s").order == ("a", "b")


def test_progress_is_the_share_of_the_way():
    it = board(a={"s": {"donor_distance": of(0.35)}})
    assert it.progress("a", "donor_distance") == pytest.approx(0.75)
    assert it.progress("a", "sharpness") is None


def test_the_summary_has_numbers_in_mappings_alone():
    it = board(a={"s": {"donor_distance": of(0.35)}})
    found = json.loads(json.dumps(it.summary(), allow_nan=False))
    assert found["schema"] == 1
    score = found["variants"]["a"]["swaps"]["s"]["donor_distance"]
    assert set(score) == {"mean", "low", "high", "n"} and score["n"] == 50
    assert found["controls"]["twin"]["swaps"]["s"]["sharpness"]["mean"] == 6.0

    def plain(node):
        if isinstance(node, dict):
            return all(plain(value) for value in node.values())
        return isinstance(node, int | float)

    assert plain(found)


def test_every_score_is_a_row():
    rows = list(board(a={"s": {"donor_distance": of(0.35)}}).results())
    assert [(row.variant, row.control) for row in rows] == [
        ("a", False), ("untouched", True), ("untouched", True), ("twin", True), ("twin", True),
    ]  # fmt: skip
