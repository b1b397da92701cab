from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from faceloom.report.films import WIDEST, Grid, InStep, shown_at


@pytest.mark.parametrize("count", range(1, 30))
@pytest.mark.parametrize("size", [(256, 256), (1920, 1080), (1080, 1920), (64, 48), (333, 211)])
def test_every_panel_is_within_the_film_and_none_covers_another(count, size):
    grid = Grid.of(count, *size)
    width, height = grid.size
    assert width <= WIDEST and width % 2 == height % 2 == 0
    page = np.zeros((height, width), int)
    for number in range(count):
        left, top = grid.corner(number)
        box = page[top : top + grid.height + 28, left : left + grid.width]
        assert box.shape == (grid.height + 28, grid.width)
        box += 1
    assert page.max() == 1


def test_many_panels_are_wrapped():
    assert [Grid.of(n, 256, 256).rows for n in (5, 6, 8, 12, 13)] == [1, 2, 2, 2, 3]


def moments(*seconds):
    return [SimpleNamespace(seconds=Fraction(second)) for second in seconds]


def test_uneven_times_become_even():
    uneven = moments("0", "0.1", "0.5", "0.6")
    assert shown_at(uneven, Fraction(10), 8) == [0, 1, 1, 1, 1, 2, 3, 3]


def test_even_times_stay_as_they_are_whatever_they_begin_with():
    even = [SimpleNamespace(seconds=Fraction(7 + at * 1001, 30000)) for at in range(50)]
    assert shown_at(even, Fraction(30000, 1001), 50) == list(range(50))


def test_a_page_is_asked_for_by_time_and_kept_until_the_next():
    pages = InStep(iter("abcd"), [0, 0, 2, 3], 10.0)
    assert [pages.at(t) for t in (0, 0.0, 0.1, 0.2, 0.3, 9)] == list("aaacdd")
