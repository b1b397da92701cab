"""pyramid: dlib's own numbers, and where boxes on the tile lie in the picture."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceloom.networks.pyramid import MARGIN, PADDING, Level, ascended, descended, sizes, tile

sides = st.integers(10, 1500)


@pytest.mark.parametrize(
    "size, count, whole",
    # counted and measured on dlib 20 (create_tiled_pyramid of pyramid_down<6>)
    [((640, 480), 24, (662, 1782)), ((1280, 720), 26, (1302, 2644))],
)
def test_as_many_levels_as_dlib(size: tuple[int, int], count: int, whole: tuple[int, int]) -> None:
    layout = tile(*size)
    assert len(layout.levels) == count
    assert (layout.width, layout.height) == whole


def test_first_levels_by_hand() -> None:
    assert sizes(640, 480)[:4] == [(640, 480), (533, 400), (444, 333), (370, 277)]
    assert sizes(640, 480)[-1][1] >= 5
    first, second, *_ = tile(640, 480).levels
    assert first == Level(11, 11, 640, 480)
    assert second == Level(11, 11 + 480 + 10, 533, 400)


@given(sides, sides)
def test_levels_lie_on_the_tile_and_apart(width: int, height: int) -> None:
    layout = tile(width, height)
    for level in layout.levels:
        assert level.left >= 11
        assert level.right <= layout.width - 12
        assert level.bottom <= layout.height - 12
        assert level is layout.levels[0] or not level.meets(layout.levels[0])
    column = [level for level in layout.levels if level.left == MARGIN]
    for one, two in pairwise(column):
        assert two.top - one.bottom == PADDING + 1


@given(sides, sides, st.integers(0, 2**32 - 1))
def test_the_nearest_level_by_trying_all(width: int, height: int, seed: int) -> None:
    layout = tile(width, height)
    points = np.random.default_rng(seed).uniform(0, (layout.width, layout.height), (9, 2))
    for point, found in zip(np.floor(points + 0.5), layout.level_of(points), strict=True):
        away = [
            np.hypot(
                max(level.left - point[0], 0, point[0] - level.right),
                max(level.top - point[1], 0, point[1] - level.bottom),
            )
            for level in layout.levels
        ]
        assert found == np.argmin(away)


@given(st.integers(0, 12), st.floats(-50, 900), st.floats(-50, 900))
def test_down_and_up_again(level: int, x: float, y: float) -> None:
    box = np.array([[x, y, x + 80, y + 80]])
    number = np.array([level])
    np.testing.assert_allclose(ascended(descended(box, number), number), box, atol=1e-9)


def test_a_box_in_the_middle_of_a_level_is_in_the_middle_of_the_picture() -> None:
    layout = tile(640, 480)
    for level in layout.levels[:8]:
        centre = np.array([level.left + level.right, level.top + level.bottom]) / 2
        box = layout.to_picture(np.concatenate([centre - 3, centre + 3])[None])[0]
        scale = 640 / level.width
        assert (box[:2] + box[2:]) / 2 == pytest.approx([319.5, 239.5], abs=1.1 * scale)
