"""tiles: OpenCV and torch draw the same, and each level is dlib's resizing of the one before."""

import dlib
import numpy as np
import pytest
import torch

from faceloom.networks.dlib_modules import normalised
from faceloom.networks.pyramid import sizes, tile
from faceloom.networks.tiles import drawn_by_cv2, drawn_by_torch, floats, shrunk, tiles

MEANS = (122.782, 117.001, 104.298)


def drawn(width: int, height: int, count: int = 1) -> np.ndarray:
    shape = (count, height, width, 3)
    return np.random.default_rng(width).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("width, height", [(320, 201), (77, 160), (12, 9)])
@pytest.mark.parametrize("left_out", [0, 2])
def test_two_ways_to_draw_a_tile(width: int, height: int, left_out: int) -> None:
    images = drawn(width, height, 2)
    *below, first = sizes(width, height)[: left_out + 1]
    layout = tile(*first)
    by_torch = drawn_by_torch(
        normalised(torch.from_numpy(images).permute(0, 3, 1, 2), MEANS), below, layout
    )
    by_cv2 = [drawn_by_cv2(floats(image, MEANS), below, layout) for image in images]
    assert by_torch.shape == (2, 3, layout.height, layout.width)
    np.testing.assert_allclose(by_torch.permute(0, 2, 3, 1), np.stack(by_cv2), atol=1e-4)
    both = tiles(images, MEANS, left_out=below, layout=layout, device=torch.device("cpu"))
    assert both.is_contiguous(memory_format=torch.channels_last)
    np.testing.assert_array_equal(both.permute(0, 2, 3, 1), np.stack(by_cv2))


def test_levels_where_they_belong_and_nothing_between() -> None:
    (image,) = drawn(150, 120)
    layout = tile(150, 120)
    canvas = drawn_by_cv2(floats(image, MEANS), [], layout)
    expected = (image.astype(float) - MEANS) / 256
    np.testing.assert_allclose(canvas[11:131, 11:161], expected, atol=1e-6)
    for level in layout.levels:
        canvas[level.top : level.bottom + 1, level.left : level.right + 1] = 0
    assert not canvas.any()


@pytest.mark.parametrize("width, height", [(640, 480), (1280, 33), (101, 77)])
def test_a_level_is_dlib_s_but_for_rounding(width: int, height: int) -> None:
    (image,) = drawn(width, height)
    size = sizes(width, height)[1]
    ours = shrunk(image.astype(np.float32), size)
    theirs = dlib.resize_image(image, size[1], size[0])  # in bytes, cut off
    inside = (theirs - 0.2 <= ours) & (ours < theirs + 1.2)  # their steps add up an error
    assert inside.mean() > 0.999
