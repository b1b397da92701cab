"""Each loss against its formula written out."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from faceloom.errors import FaceloomError
from faceloom.losses import cyclic, dssim, edge, kl, l1, mask, semantic
from faceloom.models.generator import Code, Painted
from faceloom.training.batch import Batch


def example(seed: int = 0, size: int = 12) -> tuple[Batch, Painted]:
    rng = torch.Generator().manual_seed(seed)
    image, warped, target = (torch.rand(2, 3, size, size, generator=rng) * 2 - 1 for _ in range(3))
    face = (torch.rand(2, 1, size, size, generator=rng) > 0.6).float()
    alpha = torch.rand(2, 1, size, size, generator=rng)
    return Batch(warped, target, face), Painted(image, alpha)


def test_l1_by_hand() -> None:
    target = torch.zeros(1, 3, 1, 2)
    image = torch.tensor([[[[0.3, 0.8]], [[0.3, 0.8]], [[-0.6, 0.8]]]])
    batch = Batch(target, target, torch.tensor([[[[1.0, 0.0]]]]))
    loss = l1.make(background=0.5)(batch, Painted(image))
    assert loss.item() == pytest.approx((0.4 * 1 + 0.8 * 0.5) / 1.5)


def test_l1_counts_a_small_face_as_much_as_a_large_one() -> None:
    batch, painted = example()
    whole = l1.make()(batch, painted)
    apart = [
        l1.make()(
            Batch(batch.warped[i : i + 1], batch.target[i : i + 1], batch.mask[i : i + 1]),
            Painted(painted.image[i : i + 1]),
        )
        for i in range(2)
    ]
    assert whole.item() == pytest.approx(sum(each.item() for each in apart) / 2, rel=1e-5)


def test_l1_without_a_face_or_background_is_zero() -> None:
    batch, painted = example()
    empty = Batch(batch.warped, batch.target, torch.zeros_like(batch.mask))
    assert l1.make(background=0)(empty, painted).item() == 0


def plain_ssim(one: Tensor, other: Tensor, weights: list[list[float]]) -> float:
    """SSIM of two windows of the same size, in plain Python."""
    points = [
        (weight, float(one[row, column]), float(other[row, column]))
        for row, line in enumerate(weights)
        for column, weight in enumerate(line)
    ]
    mean = math.fsum(w * a for w, a, _ in points)
    mean_other = math.fsum(w * b for w, _, b in points)
    variance = math.fsum(w * (a - mean) ** 2 for w, a, _ in points)
    variance_other = math.fsum(w * (b - mean_other) ** 2 for w, _, b in points)
    covariance = math.fsum(w * (a - mean) * (b - mean_other) for w, a, b in points)
    first, second = 0.01**2, 0.03**2
    return ((2 * mean * mean_other + first) * (2 * covariance + second)) / (
        (mean**2 + mean_other**2 + first) * (variance + variance_other + second)
    )


def weights_of(kind: str, size: int) -> list[list[float]]:
    line = [
        math.exp(-((place - size // 2) ** 2) / (2 * 1.5**2)) if kind == "gaussian" else 1.0
        for place in range(size)
    ]
    return [[a * b / sum(line) ** 2 for b in line] for a in line]


@pytest.mark.parametrize(("window", "size"), [("box", 5), ("gaussian", 11), ("box", 3)])
def test_dssim_by_the_formula(window: str, size: int) -> None:
    batch, painted = example(size=14)
    weights = weights_of(window, size)
    places = range(14 - size + 1)
    expected = [
        [
            [
                sum(
                    plain_ssim(
                        (painted.image[face, colour, y : y + size, x : x + size] + 1) / 2,
                        (batch.target[face, colour, y : y + size, x : x + size] + 1) / 2,
                        weights,
                    )
                    for colour in range(3)
                )
                / 3
                for x in places
            ]
            for y in places
        ]
        for face in range(2)
    ]
    edge_ = size // 2
    face = batch.mask[:, 0, edge_:-edge_, edge_:-edge_] * 0.75 + 0.25
    similar = (torch.tensor(expected) * face).sum((1, 2)) / face.sum((1, 2))
    loss = dssim.make(window=window, size=size, background=0.25)(batch, painted)  # type: ignore[arg-type]
    assert loss.item() == pytest.approx((1 - similar.mean().item()) / 2, abs=2e-5)


def test_dssim_of_the_same_is_zero_and_of_the_opposite_near_one() -> None:
    batch, _ = example()
    assert dssim.make()(batch, Painted(batch.target)).item() == pytest.approx(0, abs=1e-5)
    assert dssim.make()(batch, Painted(-batch.target)).item() > 0.8


def test_dssim_wants_an_odd_window() -> None:
    with pytest.raises(ValueError, match="odd"):
        dssim.make(size=4)


def test_dssim_is_float32_under_autocast() -> None:
    batch, painted = example()
    plain = dssim.make()(batch, painted)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert dssim.make()(batch, painted).item() == plain.item()


def test_mask_by_the_formula() -> None:
    batch, painted = example()
    assert painted.mask is not None
    expected = functional.l1_loss(painted.mask, batch.mask)
    torch.testing.assert_close(mask.make()(batch, painted), expected)


def test_mask_needs_a_model_that_paints_one() -> None:
    batch, painted = example()
    with pytest.raises(FaceloomError, match=r"train\.model\.mask"):
        mask.make()(batch, Painted(painted.image))


def test_edge_by_hand() -> None:
    image = torch.tensor([[0.0, 0.5], [0.0, -0.5]]).expand(1, 3, 2, 2)
    target = torch.tensor([[0.0, -0.2], [0.0, 0.2]]).expand(1, 3, 2, 2)
    batch = Batch(target, target, torch.ones(1, 1, 2, 2))
    down = (0 + abs(1.0 - 0.4)) / 2
    across = (abs(0.5 - 0.2) + abs(0.5 - 0.2)) / 2
    assert edge.make()(batch, Painted(image)).item() == pytest.approx((down + across) / 2)


def test_kl_by_the_formula() -> None:
    batch, painted = example()
    mean, spread = torch.tensor([[0.5, -2.0]]), torch.tensor([[math.log(4), 0.0]])
    # of normal distributions: log(1 / s) + (s^2 + m^2) / 2 - 1 / 2
    expected = (-math.log(2) + (4 + 0.25) / 2 - 0.5 + (1 + 4) / 2 - 0.5) / 2
    code = Code(torch.zeros(1, 2), mean, spread)
    found = kl.make()(batch, replace(painted, code=code))
    assert found.item() == pytest.approx(expected)
    with pytest.raises(FaceloomError, match=r"train\.model\.variational"):
        kl.make()(batch, replace(painted, code=Code(mean)))


def test_semantic_by_the_formula() -> None:
    batch, painted = example()
    there = Code(torch.tensor([[3.0, 4.0], [1.0, 0.0]]))
    back = Code(torch.tensor([[4.0, 3.0], [0.0, 2.0]])[..., None, None])
    found = semantic.make()(replace(batch, code=there), replace(painted, code=back))
    assert found.item() == pytest.approx(((1 - 24 / 25) + 1) / 2)
    with pytest.raises(ValueError, match="nobody else"):
        semantic.make()(batch, replace(painted, code=back))


def test_all_losses_have_gradients() -> None:
    batch, painted = example()
    assert painted.mask is not None
    raw = painted.image.clone().requires_grad_()
    alpha = painted.mask.clone().requires_grad_()
    for make in (l1.make, dssim.make, edge.make, mask.make):
        make()(batch, Painted(raw, alpha)).backward()  # type: ignore[no-untyped-call]
    assert raw.grad is not None
    assert raw.grad.isfinite().all()
    assert alpha.grad is not None
    assert alpha.grad.abs().sum() > 0


def test_cyclic_by_hand() -> None:
    seen, target = torch.full((1, 3, 1, 2), 0.5), torch.zeros(1, 3, 1, 2)
    image = torch.tensor([[[[-0.5, 1.0]]] * 3])[:, :, 0]
    alpha = torch.tensor([[[[0.5, 0.0]]]])
    batch = Batch(seen, target, torch.ones(1, 1, 1, 2))
    # laid over what was seen: 0 and 0.5
    assert cyclic.make(mask=0.1)(batch, Painted(image, alpha)).item() == pytest.approx(0.275)
    assert cyclic.make()(batch, Painted(image)).item() == pytest.approx(0.75)
