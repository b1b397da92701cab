"""Quilt: patches of the style by label, and a loss that is what it says."""

from collections.abc import Mapping
from typing import Literal

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from faceloom.styles.patches import Prior, matches
from faceloom.styles.quilt import Course, Quilt, Wanted, quilted, sizes

DRAWN = torch.Generator().manual_seed(3)
CONTENT, STYLE = (torch.rand(1, 3, 16, 16, generator=DRAWN) * 2 - 1 for _ in range(2))
LEFT = torch.zeros(2, 16, 16)
LEFT[0, :, :8], LEFT[1, :, 8:] = 1, 1


def seen(picture: Tensor) -> Mapping[str, Tensor]:
    """The picture as its own features, of two layers."""
    return {"fine": picture + 2, "coarse": functional.avg_pool2d(picture, 2) + 2}


def quilt(semantic: float, ratio: float = 0.5) -> Quilt:
    wanted = Wanted({"coarse": 2.0}, {"fine": 3.0}, ratio, semantic, smooth=0)
    maps = (LEFT[[1, 0]], LEFT) if semantic else None
    return Quilt(seen, CONTENT, STYLE, maps, wanted)


def test_patches_are_matched_within_their_label() -> None:
    """What is on the left of the picture is, by the maps, on the right of the style."""
    made, across = quilt(1000), []
    made(CONTENT, fresh=True)
    own = made.key(seen(CONTENT)["fine"][0], made.own)
    for found in (matches(own, made.keys["fine"]), matches(*map(level, (CONTENT, STYLE)))):
        columns = found % 14
        across.append(float((columns[:, :6] >= 8).float().mean()))
    assert across[0] == 1
    assert across[1] < 0.7


def level(picture: Tensor) -> Tensor:
    return functional.normalize(picture[0] + 2, dim=0)


def test_the_loss_is_its_parts() -> None:
    made = quilt(0)
    total = float(made(STYLE, fresh=True))
    prior: Prior = made.priors["fine"]
    patches = float(prior(seen(STYLE)["fine"][0]) / made.goals["fine"].square().mean())
    assert abs(patches) < 1e-6  # its own patches are its nearest
    kept = seen(CONTENT)["coarse"]
    off = functional.mse_loss(seen(STYLE)["coarse"], kept) / kept.square().mean()
    assert abs(total - 0.5 * 2 * float(off)) < 1e-5


def test_stale_matches_stay_until_they_are_refreshed() -> None:
    made = quilt(0)
    made(STYLE, fresh=True)
    stale, fresh = float(made(CONTENT, fresh=False)), float(made(CONTENT, fresh=True))
    assert stale > fresh
    assert float(made(CONTENT, fresh=False)) == fresh


def test_sizes_from_coarse_to_fine() -> None:
    assert sizes(256, 3) == [64, 128, 256]
    assert sizes(64, 5) == [32, 64]
    assert sizes(20, 2) == [20]


@pytest.mark.parametrize("by", ["adam", "lbfgs"])
def test_a_quilt_is_nearer_than_its_start(by: Literal["adam", "lbfgs"]) -> None:
    content, style = (torch.rand(1, 3, 64, 64, generator=DRAWN) * 2 - 1 for _ in range(2))
    wanted = Wanted({"coarse": 1.0}, {"fine": 1.0}, 0.1, 0, smooth=0)
    seen_at: list[int] = []

    def watched(picture: Tensor) -> Mapping[str, Tensor]:
        seen_at.append(picture.shape[2])
        return seen(picture)

    course = Course(2, 10, 5, by, 0.05)
    made = quilted(content, content, style, None, watched, wanted, course)
    judge = Quilt(seen, content, style, None, wanted)
    assert float(judge(made, fresh=True)) < 0.8 * float(judge(content, fresh=True))
    assert sorted(set(seen_at)) == [32, 64]
