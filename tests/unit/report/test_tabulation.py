import numpy as np

from faceloom.report.board import Board
from faceloom.report.statistics import DRAWS, Estimate
from faceloom.report.tabulation import tabulate


def of(mean):
    return Estimate.of(mean, mean + np.linspace(-0.1, 0.1, DRAWS), 50)


BOARD = Board(
    {
        "a": {"s": {"pose_error": of(1.0)}, "t": {"pose_error": of(2.0)}},
        "b": {"s": {"pose_error": of(3.0)}},
        "c": {"s": {"pose_error": of(5.0)}, "t": {"pose_error": of(5.0)}},
    },
    {"untouched": {"s": {"pose_error": of(0.2)}}, "twin": {}},
)


def test_controls_frame_the_variants_and_empty_ones_are_left_out():
    table = tabulate(BOARD, ["pose_error"])
    assert [row.label for row in table.rows] == ["untouched host", "a", "b", "c"]
    assert [row.control for row in table.rows] == [True, False, False, False]


def test_the_best_and_the_incomplete_are_marked():
    marks = {row.name: row.cells[0].mark for row in tabulate(BOARD, ["pose_error"]).rows}
    assert marks == {"untouched": "", "a": "best", "b": "partial", "c": ""}


def test_a_single_swap_has_its_own_best():
    marks = {row.name: row.cells[0].mark for row in tabulate(BOARD, ["pose_error"], "s").rows}
    assert marks == {"untouched": "", "a": "best", "b": "", "c": ""}


def test_bars_are_within_the_column():
    for row in tabulate(BOARD, ["pose_error"]).rows:
        cell = row.cells[0]
        assert 0 <= cell.left <= cell.dot <= cell.left + cell.width <= 100.01


def test_no_score_no_cell():
    rows = {row.name: row.cells for row in tabulate(BOARD, ["pose_error", "flicker"]).rows}
    assert rows["a"][1] is None
