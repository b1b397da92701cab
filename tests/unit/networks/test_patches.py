"""patches: a part made of a part is that part of the whole."""

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from faceloom.networks.patches import Part, Patch
from faceloom.networks.pyramid import sizes

sides = st.integers(30, 150)


def smooth(width: int, height: int, seed: int) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, 6, 6, generator=random)
    return F.interpolate(coarse, (height, width), mode="bilinear", align_corners=True)


@given(sides, sides, st.integers(0, 99), st.data())
def test_up_the_pyramid_from_no_more_than_is_needed(
    width: int, height: int, seed: int, data: st.DataObject
) -> None:
    every = sizes(width, height)[:4]
    whole = [smooth(width, height, seed)]
    for size in every[1:]:
        above = F.interpolate(whole[-1], size[::-1], mode="bilinear", align_corners=True)
        whole.append(above)
    across, down = every[-1]
    left, top = data.draw(st.integers(0, across - 1)), data.draw(st.integers(0, down - 1))
    right, bottom = data.draw(st.integers(left + 1, across)), data.draw(st.integers(top + 1, down))
    parts = [Part(left, top, right, bottom)]
    for above, below in zip(every[:0:-1], every[-2::-1], strict=True):
        parts.append(parts[-1].beneath(above, below))
    part = parts.pop()
    start = whole[0][0, :, part.top : part.bottom, part.left : part.right]
    patch = Patch(start.permute(1, 2, 0).numpy().copy(), part)
    for below, above in zip(every, every[1:], strict=False):
        patch = patch.above(parts.pop(), above, below)
    assert patch.part == Part(left, top, right, bottom)
    expected = whole[-1][0, :, top:bottom, left:right].permute(1, 2, 0)
    np.testing.assert_allclose(patch.pixels, expected, atol=2e-5)


def test_nothing_is_shown_where_nothing_is() -> None:
    patch = Patch(np.ones((4, 5, 3), np.float32), Part(10, 20, 15, 24))
    shown = patch.shown(Part(8, 22, 12, 27))
    assert shown.shape == (5, 4, 3)
    assert shown[:, :, 0].tolist() == [[0, 0, 1, 1]] * 2 + [[0] * 4] * 3
    assert not patch.shown(Part(30, 20, 33, 24)).any()


def test_parts_within_a_level_and_joined() -> None:
    assert Part(-3, 2, 9, 30).within((8, 20)) == Part(0, 2, 8, 20)
    assert Part(-3, 2, -1, 30).within((8, 20)).empty
    assert Part(1, 2, 3, 4).joined(Part(0, 3, 2, 9)) == Part(0, 2, 3, 9)
