"""An album gives back what was put in, in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.album import Album
from faceloom.images import encode_png

PICTURES = [np.full((3 + n, 4, 3), 20 * n, np.uint8) for n in range(6)]


def album() -> Album:
    made = Album()
    assert [made.add(encode_png(each)) for each in PICTURES] == list(range(6))
    return made


@given(st.lists(st.integers(-6, 5)))
def test_pictures_come_back_in_any_order(order: list[int]) -> None:
    made = album()
    assert len(made) == 6
    for number in order:
        assert np.array_equal(made[number], PICTURES[number])


def test_one_can_be_added_after_others_were_looked_at() -> None:
    made = album()
    assert np.array_equal(made[1], PICTURES[1])
    assert made.add(encode_png(PICTURES[0])) == 6
    assert np.array_equal(made[6], PICTURES[0]) and np.array_equal(made[5], PICTURES[5])


def test_there_is_nothing_beyond_the_end() -> None:
    with pytest.raises(IndexError):
        album()[6]
    assert [len(each) for each in album()] == [3, 4, 5, 6, 7, 8]
