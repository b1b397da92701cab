"""Losses of the painted mask, of neighbours and of eyes, by hand and by plain formulas."""

import pytest
import torch
from torch import Tensor

from faceloom.errors import FaceloomError
from faceloom.losses import eyes, mask_hinge, mask_l1, mask_tv, sides, tv
from faceloom.models.generator import Painted
from faceloom.training.batch import Batch

FLAT = torch.zeros(1, 3, 2, 2)
BATCH = Batch(FLAT, FLAT, torch.ones(1, 1, 2, 2))


def mask(*rows: list[float]) -> Painted:
    return Painted(FLAT, torch.tensor([[list(rows)]]))


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def test_hinge_by_hand() -> None:
    painted = mask([0.1, 0.5], [0.9, 0.3])
    found = mask_hinge.make(least=0.4)(BATCH, painted)
    assert found.item() == pytest.approx((0.3 + 0 + 0 + 0.1) / 4)
    assert mask_hinge.make(least=0.1)(BATCH, painted).item() == 0


def test_size_by_hand() -> None:
    found = mask_l1.make()(BATCH, mask([0.1, 0.5], [0.9, 0.3]))
    assert found.item() == pytest.approx(1.8 / 4)


def test_variation_of_the_mask_by_hand() -> None:
    across, down = (0.4 + 0.6) / 2, (0.8 + 0.2) / 2
    found = mask_tv.make()(BATCH, mask([0.1, 0.5], [0.9, 0.3]))
    assert found.item() == pytest.approx(across + down)


def test_variation_of_the_picture_pixel_by_pixel() -> None:
    image = random(2, 3, 4, 5) * 2 - 1
    across = [
        abs(float(image[n, c, y, x + 1] - image[n, c, y, x]))
        for n in range(2)
        for c in range(3)
        for y in range(4)
        for x in range(4)
    ]
    down = [
        abs(float(image[n, c, y + 1, x] - image[n, c, y, x]))
        for n in range(2)
        for c in range(3)
        for y in range(3)
        for x in range(5)
    ]
    expected = sum(across) / len(across) + sum(down) / len(down)
    assert tv.make()(BATCH, Painted(image)).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("loss", [mask_hinge, mask_l1, mask_tv])
def test_they_need_a_model_that_paints_one(loss: object) -> None:
    with pytest.raises(FaceloomError, match=r"train\.losses\.mask_.*train\.model\.mask"):
        loss.make()(BATCH, Painted(FLAT))  # type: ignore[attr-defined]


def seen(size: int = 6) -> tuple[Batch, Painted]:
    image, target = random(2, 3, size, size) * 2 - 1, random(2, 3, size, size, seed=1) * 2 - 1
    where = random(2, 1, size, size, seed=2)
    return Batch(target, target, torch.ones_like(where), where), Painted(image)


def test_eyes_pixel_by_pixel() -> None:
    batch, painted = seen()
    assert batch.eyes is not None
    image, target, where = painted.image, batch.target, batch.eyes
    places = [(n, c, y, x) for n in range(2) for c in range(3) for y in range(6) for x in range(6)]
    colours = [
        float(where[n, 0, y, x] * abs(image[n, c, y, x] - target[n, c, y, x]))
        for n, c, y, x in places
    ]

    def step(pixels: Tensor, n: int, c: int, y: int, x: int, down: int) -> float:
        return abs(float(pixels[n, c, y, x] - pixels[n, c, y - down, x - (1 - down)]))

    edges = 0.0
    for down in (0, 1):
        steps = [
            float(where[n, 0, y, x])
            * abs(step(image, n, c, y, x, down) - step(target, n, c, y, x, down))
            for n, c, y, x in places
            if (y if down else x) > 0
        ]
        edges += sum(steps) / len(steps)
    expected = sum(colours) / len(colours)
    loss = eyes.make(edges=0.5)(batch, painted)
    assert loss.item() == pytest.approx(expected + 0.5 * edges, rel=1e-5)


def test_without_eyes_in_sight_nothing_is_wrong() -> None:
    batch, painted = seen()
    blind = Batch(batch.warped, batch.target, batch.mask, torch.zeros_like(batch.mask))
    assert eyes.make()(blind, painted).item() == 0
    with pytest.raises(ValueError, match="eyes"):
        eyes.make()(Batch(batch.warped, batch.target, batch.mask), painted)


def test_sides_by_hand() -> None:
    target = torch.tensor([[1.0, 0.0], [0.0, 0.0]]).repeat_interleave(2, 0).repeat_interleave(2, 1)
    target = target.expand(1, 3, 4, 4)
    batch = Batch(target, target, torch.ones(1, 1, 4, 4))
    half, quarter = torch.zeros(1, 3, 2, 2), torch.full((1, 3, 1, 1), -0.25)
    found = sides.make()(batch, Painted(target, None, (quarter, half)))
    assert found.item() == pytest.approx(1 / 4 + 0.5)
    with pytest.raises(FaceloomError, match=r"train\.losses\.sides"):
        sides.make()(batch, Painted(target))


def test_a_face_is_laid_over_its_ground_by_its_mask() -> None:
    ground = torch.full((1, 3, 1, 2), -1.0)
    painted = Painted(torch.full((1, 3, 1, 2), 0.5), torch.tensor([[[[0.0, 0.2]]]]))
    assert painted.laid(ground)[0, 0].tolist() == [pytest.approx([-1.0, 0.8 * -1 + 0.2 * 0.5])]
    assert torch.equal(Painted(painted.image).laid(ground), painted.image)
