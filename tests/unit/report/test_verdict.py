import numpy as np

from faceloom.report.board import Board
from faceloom.report.statistics import DRAWS, Estimate
from faceloom.report.verdict import findings, listed, overall


def of(mean, spread, n=50):
    return Estimate.of(mean, mean + np.linspace(-spread, spread, DRAWS), n)


def board(spread, nothing=0.8, n=50):
    variants = {
        name: {"s": {"donor_distance": of(mean, spread, n)}}
        for name, mean in (("a", 0.4), ("b", 0.5), ("c", 0.9))
    }
    controls = {
        "untouched": {"s": {"donor_distance": of(nothing, spread)}},
        "twin": {"s": {"donor_distance": of(0.2, spread)}},
    }
    return Board(variants, controls)


def test_a_clear_winner_is_named():
    (found,) = findings(board(0.01))
    assert found.clear and found.names == ("a",)
    assert "leads clearly" in found.sentence and "67% of the way" in found.sentence
    assert overall([found]) == "a is nearest to the donor."


def test_overlap_is_no_clear_winner_and_says_whose():
    (found,) = findings(board(0.08))
    assert not found.clear and found.names == ("a", "b")
    assert (
        found.sentence.startswith("No clear winner") and "interval of b overlaps" in found.sentence
    )
    assert "no clear winner" in overall([found])


def test_all_overlapping_says_so():
    (found,) = findings(board(0.4))
    assert "intervals of all others" in found.sentence


def test_few_frames_decide_nothing():
    (found,) = findings(board(0.01, n=3))
    assert not found.clear and "fewer than" in found.sentence


def test_no_better_than_the_untouched_clip_is_said():
    (found,) = findings(board(0.01, nothing=0.3))
    assert "nothing is gained" in found.sentence
    assert "nothing is gained" not in findings(board(0.01))[0].sentence


def test_no_scores_no_verdict():
    empty = Board({"a": {}}, {"untouched": {}, "twin": {}})
    assert findings(empty) == []
    assert "no scores" in overall([])


def test_listed():
    assert [listed(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_other_judges_have_a_say_of_their_own_and_dlib_s_network_is_not_the_only_one():
    told = {"donor_distance": of(0.4, 0.01), "sface_donor_distance": of(0.9, 0.01)}
    worse = {"donor_distance": of(0.3, 0.01), "sface_donor_distance": of(1.1, 0.01)}
    found = findings(Board({"a": {"s": told}, "b": {"s": worse}}, {"untouched": {}, "twin": {}}))
    assert [(one.question, one.names) for one in found] == [
        ("Nearest to the donor, says SFace", ("a",)),
        ("Nearest to the donor, says dlib's network", ("b",)),
    ]
    assert "ahead by every question" not in overall(found)
