"""Multi-scale SSIM against its formula, window by window in plain numbers."""

import math

import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.losses import ms_ssim
from faceloom.models.generator import Painted
from faceloom.training.batch import Batch

WEIGHTS = (0.0448, 0.2856)
C1, C2 = 0.01**2, 0.03**2
Picture = list[list[float]]


def example(size: int = 8) -> tuple[Batch, Painted]:
    """Pictures of which one is the other with noise, so that no factor is below zero."""
    rng = torch.Generator().manual_seed(0)
    target = torch.rand(2, 3, size, size, generator=rng) * 2 - 1
    image = 0.8 * target + 0.2 * (torch.rand(2, 3, size, size, generator=rng) * 2 - 1)
    return Batch(target, target, torch.ones(2, 1, size, size)), Painted(image)


def factors(one: Picture, other: Picture, size: int) -> tuple[float, float]:
    """Means over all windows of luminance times the rest, and of the rest alone."""
    both, rest = [], []
    for top in range(len(one) - size + 1):
        for left in range(len(one) - size + 1):
            places = [(top + y, left + x) for y in range(size) for x in range(size)]
            a, b = ([picture[y][x] for y, x in places] for picture in (one, other))
            mean, mean_other = math.fsum(a) / len(a), math.fsum(b) / len(b)
            spread = math.fsum((v - mean) ** 2 for v in a) / len(a)
            spread_other = math.fsum((v - mean_other) ** 2 for v in b) / len(b)
            common = math.fsum(
                (v - mean) * (w - mean_other) for v, w in zip(a, b, strict=True)
            ) / len(a)
            rest.append((2 * common + C2) / (spread + spread_other + C2))
            light = (2 * mean * mean_other + C1) / (mean**2 + mean_other**2 + C1)
            both.append(light * rest[-1])
    return math.fsum(both) / len(both), math.fsum(rest) / len(rest)


def halved(picture: Picture) -> Picture:
    half = range(len(picture) // 2)
    return [
        [
            (
                picture[2 * y][2 * x]
                + picture[2 * y][2 * x + 1]
                + picture[2 * y + 1][2 * x]
                + picture[2 * y + 1][2 * x + 1]
            )
            / 4
            for x in half
        ]
        for y in half
    ]


def test_two_scales_by_the_formula() -> None:
    batch, painted = example()
    similar = []
    for face in range(2):
        for colour in range(3):
            one = ((painted.image[face, colour] + 1) / 2).tolist()
            other = ((batch.target[face, colour] + 1) / 2).tolist()
            _, fine = factors(one, other, 3)
            coarse, _ = factors(halved(one), halved(other), 3)
            first, second = (weight / sum(WEIGHTS) for weight in WEIGHTS)
            similar.append(fine**first * coarse**second)
    loss = ms_ssim.make(window="box", size=3, scales=2)(batch, painted)
    assert loss.item() == pytest.approx((1 - sum(similar) / 6) / 2, abs=2e-5)


def test_of_the_same_it_is_zero() -> None:
    batch, _ = example(32)
    loss = ms_ssim.make(size=5)
    assert loss(batch, Painted(batch.target)).item() == pytest.approx(0, abs=1e-5)
    assert loss(batch, Painted(-batch.target)).item() > 0.4


def test_a_gradient_even_of_the_opposite() -> None:
    batch, _ = example(32)
    image = (-batch.target).requires_grad_()
    ms_ssim.make(size=5)(batch, Painted(image)).backward()  # type: ignore[no-untyped-call]
    assert image.grad is not None
    assert image.grad.isfinite().all()


def test_a_window_that_does_not_fit_is_one_line() -> None:
    batch, painted = example(32)
    with pytest.raises(FaceloomError, match="fewer scales"):
        ms_ssim.make(scales=3)(batch, painted)
