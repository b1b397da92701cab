from xml.etree import ElementTree

import numpy as np

from faceloom.report.board import Board
from faceloom.report.figures import dots, losses, meet, scatter
from faceloom.report.statistics import DRAWS, Estimate
from faceloom.rows.steps import Step


def of(mean):
    return Estimate.of(mean, mean + np.linspace(-1, 1, DRAWS), 50)


BOARD = Board(
    {f"variant_{n}": {"s": {"sharpness": of(n), "donor_distance": of(n)}} for n in range(4)},
    {"untouched": {"s": {"sharpness": of(9)}}, "twin": {}},
)


def drawn(path):
    text = path.read_text()
    ElementTree.fromstring(text)
    return text


def test_plots_are_whole_and_the_same_every_time(tmp_path):
    for name in ("once.svg", "twice.svg"):
        dots(BOARD, "sharpness", tmp_path / name)
    assert drawn(tmp_path / "once.svg") == drawn(tmp_path / "twice.svg")


def test_other_numbers_another_plot(tmp_path):
    dots(BOARD, "sharpness", tmp_path / "one.svg")
    dots(BOARD, "donor_distance", tmp_path / "other.svg")
    assert drawn(tmp_path / "one.svg") != drawn(tmp_path / "other.svg")


def test_two_metrics_at_once_even_where_nobody_has_both(tmp_path):
    scatter(BOARD, "donor_distance", "sharpness", tmp_path / "some.svg")
    scatter(BOARD, "donor_distance", "no_such", tmp_path / "none.svg")
    assert len(drawn(tmp_path / "some.svg")) > len(drawn(tmp_path / "none.svg"))


def test_a_line_for_each_loss_and_person(tmp_path):
    rows = [Step(step, loss, 1 / step) for step in (10, 20) for loss in ("total", "l1.a", "l1.b")]
    losses(rows, tmp_path / "some.svg")
    losses([], tmp_path / "none.svg")
    assert len(drawn(tmp_path / "some.svg")) > len(drawn(tmp_path / "none.svg"))


def test_boxes_meet():
    assert meet((0, 0, 2, 2), (1, 1, 3, 3)) and not meet((0, 0, 1, 1), (1, 0, 2, 1))
