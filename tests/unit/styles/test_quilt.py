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


def pyramidal(picture: Tensor) -> Mapping[str, Tensor]:
    """Two layers, as large as the picture and a quarter of it."""
    return {"fine": picture + 2, "coarse": functional.avg_pool2d(picture, 4) + 2}


def test_a_quilt_is_the_styles_pixels_where_it_looks_alike() -> None:
    """Content is the style, its left and right half in each other's place."""
    style = functional.interpolate(torch.rand(1, 3, 8, 8, generator=DRAWN) * 2 - 1, 64)
    content = style.roll(32, dims=3)
    wanted = Wanted({"coarse": 1.0}, {"fine": 1.0, "coarse": 1.0}, 0, 0, smooth=0)
    made = Quilt(pyramidal, content, style, None, wanted).quilt(content)
    off = (made - content).abs()
    beside_seams = torch.zeros(64, dtype=torch.bool)
    for seam in (0, 32, 64):  # what lies over them is nowhere in the style
        beside_seams[max(0, seam - 8) : seam + 8] = True
    assert off[..., ~beside_seams].max() < 1e-5
    assert off.mean() < 0.1 < (style - content).abs().mean()


def test_a_quilt_has_the_size_of_its_picture() -> None:
    content, style = (torch.rand(1, 3, side, side, generator=DRAWN) * 2 - 1 for side in (36, 42))
    wanted = Wanted({"coarse": 1.0}, {"coarse": 1.0}, 0, 0, smooth=0)
    made = Quilt(pyramidal, content, style, None, wanted).quilt(content)
    assert made.shape == content.shape


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_what_is_begun_with_is_quilted_by_its_share(share: float) -> None:
    begun: list[Tensor] = []

    def watched(picture: Tensor) -> Mapping[str, Tensor]:
        if picture.requires_grad:
            begun.append(picture.detach())
        return pyramidal(picture)

    content, style = (torch.rand(1, 3, 64, 64, generator=DRAWN) * 2 - 1 for _ in range(2))
    wanted = Wanted({"coarse": 1.0}, {"fine": 1.0, "coarse": 1.0}, 0.1, 0, smooth=0)
    quilted(content, content, style, None, watched, wanted, Course(share, 1, 1, 1, "lbfgs", 1))
    pixels = Quilt(pyramidal, content, style, None, wanted).quilt(content)
    torch.testing.assert_close(begun[0], torch.lerp(content, pixels, share))


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

    course = Course(0, 2, 10, 5, by, 0.05)
    made = quilted(content, content, style, None, watched, wanted, course)
    judge = Quilt(seen, content, style, None, wanted)
    assert float(judge(made, fresh=True)) < 0.8 * float(judge(content, fresh=True))
    assert sorted(set(seen_at)) == [32, 64]
