"""What covers a face is taken out of its mask, and nothing else."""

import numpy as np
import pytest

from faceloom.pixels.parsing import LABELS, covered, lowered


def labels() -> np.ndarray:
    """Skin, with a hand from the left and hair above."""
    found = np.full((40, 40), LABELS.index("skin"), np.uint8)
    found[15:30, :12] = LABELS.index("occluder")
    found[:6] = LABELS.index("hair")
    return found


def test_only_what_is_named_covers() -> None:
    hand, both = covered(labels(), ("occluder",)), covered(labels(), ("occluder", "hair"))
    assert hand.sum() == 15 * 12
    assert both.sum() == 15 * 12 + 6 * 40
    assert covered(labels(), ("glasses",)).sum() == 0


@pytest.mark.parametrize("grow", [0, 3])
def test_the_mask_is_lowered_there_and_nowhere_else(grow: int) -> None:
    mask = np.full((40, 40), 0.8, np.float32)
    left = lowered(mask, covered(labels(), ("occluder",)), grow)
    assert left[18:27, :9].max() < 0.01
    assert np.allclose(left[: 10 - grow], 0.8)
    assert np.allclose(left[:, 20:], 0.8)
    assert left[22, 12 + grow - 1] < 0.4 < left[22, 12 + grow + 1]
    assert (left <= mask).all()


def test_where_nothing_covers_the_mask_is_as_it_was() -> None:
    mask = np.random.default_rng(0).random((20, 20)).astype(np.float32)
    assert np.array_equal(lowered(mask, np.zeros_like(mask), 4), mask)
