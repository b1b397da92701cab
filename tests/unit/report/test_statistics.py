import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.report import statistics
from faceloom.report.statistics import (
    DRAWS,
    Estimate,
    average,
    by_frame,
    drawn_means,
    estimate,
    estimates,
    gap,
    negative,
    rank,
)
from faceloom.rows.scores import Score


def test_several_faces_of_a_frame_count_as_one_and_order_is_that_of_frames():
    rows = [Score(5, 0, "m", 10.0), Score(2, 0, "m", 1.0), Score(2, 1, "m", 3.0)]
    assert by_frame(rows)["m"].tolist() == [2.0, 10.0]


def test_what_is_not_finite_is_left_out():
    rows = [Score(0, 0, "m", np.inf), Score(1, 0, "m", 2.0), Score(0, 0, "never", np.nan)]
    found = estimates(rows, "s")
    assert set(found) == {"m"}
    assert (found["m"].mean, found["m"].n) == (2.0, 1)


def drawn_slowly(values, random):
    """Block by block, frame by frame, as the docstring says."""
    count = len(values)
    block = min(10, -(-count // 4))
    whole, rest = divmod(count, block)
    means = []
    for starts in random.integers(0, count - block + 1, (DRAWS, whole + 1)):
        series = [values[s + at] for s in starts[:-1] for at in range(block)]
        series += [values[starts[-1] + at] for at in range(rest)]
        assert len(series) == count
        means.append(sum(series) / count)
    return np.array(means) - np.mean(means) + values.mean()


@pytest.mark.parametrize("count", [1, 2, 7, 39, 40, 53])
def test_fast_draws_are_those_of_plain_loops(count):
    values = np.random.default_rng(3).normal(5, 2, count)
    fast = drawn_means(values, np.random.default_rng(1))
    assert np.allclose(fast, drawn_slowly(values, np.random.default_rng(1)))


def test_same_numbers_give_the_same_interval_and_swaps_are_drawn_apart():
    values = np.random.default_rng(0).normal(size=80)
    assert estimate(values, "one") == estimate(values, "one")
    assert not np.allclose(estimate(values, "one").draws, estimate(values, "two").draws)


def test_neighbours_that_are_alike_widen_the_interval():
    random = np.random.default_rng(4)
    alone = random.normal(size=400)
    alike = np.repeat(random.normal(size=40), 10)
    widths = [one.high - one.low for one in (estimate(alone, "s"), estimate(alike, "s"))]
    assert widths[1] > 2 * widths[0]


def test_the_interval_holds_the_mean_about_as_often_as_it_says():
    random = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        found = estimate(random.normal(size=150), "s")
        held += found.low <= 0 <= found.high
    assert 0.85 <= held / 200 <= 0.98


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60))
def test_the_mean_lies_in_its_interval(values):
    found = estimate(np.array(values), "s")
    slack = 1e-6 + 1e-9 * abs(found.mean)
    assert found.low <= found.high + slack
    assert min(values) - slack <= found.mean <= max(values) + slack


def of(mean, spread=0.1, n=50):
    return Estimate.of(mean, mean + np.linspace(-spread, spread, DRAWS), n)


def test_the_average_counts_each_swap_the_same():
    found = average([of(1.0, n=10), of(3.0, n=90)])
    assert found.mean == pytest.approx(2.0)
    assert found.n == 100


def test_a_gap_has_no_sign():
    assert gap(of(3.0), of(5.0)).mean == gap(of(7.0), of(5.0)).mean == 2.0


def test_negative_turns_the_interval_round():
    found = negative(of(2.0))
    assert (found.mean, found.low) == (-2.0, -of(2.0).high)


def test_the_best_is_clear_only_where_its_interval_excludes_all_others():
    apart = rank({"a": of(1.0), "b": of(2.0), "c": of(3.0)})
    assert apart.order == ("a", "b", "c") and apart.clear
    near = rank({"a": of(1.0), "b": of(2.0), "c": of(1.15)})
    assert near.leader == "a" and near.rivals == ("c",) and not near.clear
    wide = rank({"a": of(1.0), "b": of(1.5), "c": of(3.0, spread=2.5)})
    assert wide.rivals == ("c",)


def test_few_frames_name_no_winner():
    few = statistics.FEW - 1
    assert not rank({"a": of(1.0, n=few), "b": of(2.0, n=few)}).clear


def test_nothing_to_rank():
    assert rank({}) is None
