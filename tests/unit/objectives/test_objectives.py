"""Each objective against its formula, written out face by face."""

import pytest
import torch
from torch import Tensor

from faceloom.objectives import hinge, lsgan, mixup, relativistic, wgan_gp
from faceloom.objectives.objective import share


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


REAL = torch.rand(3, 3, 4, 4, generator=rng(1)) * 2 - 1
FAKE = torch.rand(3, 3, 4, 4, generator=rng(2)) * 2 - 1
SLOPE = torch.randn(1, 3, 4, 4, generator=rng(3))


def answers(faces: Tensor) -> Tensor:
    """Two patches a face: not linear, so that a mixture's answer is no mixture of answers."""
    seen = faces * SLOPE
    left, right = seen[..., :2].sum((1, 2, 3)), seen[..., 2:].sum((1, 2, 3))
    return torch.stack([left + 0.1 * left**2, right + 0.1 * right**2], 1).view(-1, 1, 1, 2)


def plain(faces: Tensor) -> list[list[float]]:
    return [[float(patch) for patch in face.flatten()] for face in answers(faces)]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


REALS, FAKES = plain(REAL), plain(FAKE)
FLAT_REALS, FLAT_FAKES = sum(REALS, []), sum(FAKES, [])


def test_lsgan() -> None:
    made = lsgan.make()
    judged = mean([(a - 1) ** 2 for a in FLAT_REALS]) / 2 + mean([a**2 for a in FLAT_FAKES]) / 2
    assert made.discriminator(answers, REAL, FAKE, rng()).item() == pytest.approx(judged)
    painted = mean([(a - 1) ** 2 for a in FLAT_FAKES]) / 2
    assert made.generator(answers, REAL, FAKE, rng()).item() == pytest.approx(painted)


def test_hinge() -> None:
    made = hinge.make()
    judged = mean([max(0, 1 - a) for a in FLAT_REALS]) + mean([max(0, 1 + a) for a in FLAT_FAKES])
    assert made.discriminator(answers, REAL, FAKE, rng()).item() == pytest.approx(judged)
    assert made.generator(answers, REAL, FAKE, rng()).item() == pytest.approx(-mean(FLAT_FAKES))


def test_relativistic() -> None:
    def apart(upper: list[list[float]], lower: list[list[float]]) -> float:
        over = [mean([face[patch] for face in lower]) for patch in range(2)]
        under = [mean([face[patch] for face in upper]) for patch in range(2)]
        above = [(face[p] - over[p] - 1) ** 2 for face in upper for p in range(2)]
        below = [(face[p] - under[p] + 1) ** 2 for face in lower for p in range(2)]
        return (mean(above) + mean(below)) / 2

    made = relativistic.make()
    found = made.discriminator(answers, REAL, FAKE, rng()).item()
    assert found == pytest.approx(apart(REALS, FAKES), rel=1e-5)
    found = made.generator(answers, REAL, FAKE, rng()).item()
    assert found == pytest.approx(apart(FAKES, REALS), rel=1e-5)


def test_mixup() -> None:
    mixed = share(0.2, rng(5))
    mixture = torch.stack(
        [mixed * real + (1 - mixed) * fake for real, fake in zip(REAL, FAKE, strict=True)]
    )
    wrong = [(a - mixed) ** 2 for a in sum(plain(mixture), [])]
    found = mixup.make(sharpness=0.2).discriminator(answers, REAL, FAKE, rng(5)).item()
    assert found == pytest.approx(mean(wrong), rel=1e-4)
    found = mixup.make(sharpness=0.2).generator(answers, REAL, FAKE, rng(5)).item()
    assert found == pytest.approx(mean([(a - 1) ** 2 for a in FLAT_FAKES]), rel=1e-5)
    opposite = [(a - (1 - mixed)) ** 2 for a in sum(plain(mixture), [])]
    found = mixup.make(sharpness=0.2, inverted=True).generator(answers, REAL, FAKE, rng(5)).item()
    assert found == pytest.approx(mean(opposite) / 2, rel=1e-4)


def test_wgan_gp() -> None:
    shares = torch.rand(3, 1, 1, 1, generator=rng(7))
    errors = []
    for real, fake, mixed in zip(REAL, FAKE, shares.flatten().tolist(), strict=True):
        place = ((1 - mixed) * real + mixed * fake)[None]
        squares = 0.0
        for pixel in range(place.numel()):  # central differences, in float64
            step = torch.zeros(place.numel(), dtype=torch.float64)
            step[pixel] = 1e-4
            step = step.view_as(place)
            up, down = (answers(place.double() + sign * step).mean() for sign in (1, -1))
            squares += float((up - down) / 2e-4) ** 2
        errors.append((squares**0.5 - 1) ** 2)
    expected = mean(FLAT_FAKES) - mean(FLAT_REALS) + 10 * mean(errors)
    found = wgan_gp.make(penalty=10).discriminator(answers, REAL, FAKE, rng(7)).item()
    assert found == pytest.approx(expected, rel=1e-3)
    found = wgan_gp.make().generator(answers, REAL, FAKE, rng()).item()
    assert found == pytest.approx(-mean(FLAT_FAKES))


@pytest.mark.parametrize("sharpness", [0.1, 0.2, 1.0])
def test_shares_are_drawn_from_the_beta_distribution(sharpness: float) -> None:
    random = rng(0)
    drawn = torch.tensor([share(sharpness, random) for _ in range(4000)], dtype=torch.float64)
    assert ((drawn >= 0) & (drawn <= 1)).all()
    variance = 1 / (4 * (2 * sharpness + 1))
    assert drawn.mean().item() == pytest.approx(0.5, abs=5 * (variance / 4000) ** 0.5)
    assert drawn.var().item() == pytest.approx(variance, rel=0.05)
    near = (drawn < 0.1).double().mean().item()
    beta = torch.distributions.Beta(torch.tensor(sharpness), torch.tensor(sharpness))
    torch.manual_seed(0)
    assert near == pytest.approx((beta.sample((20000,)) < 0.1).double().mean().item(), abs=0.03)


@pytest.mark.parametrize("kind", [lsgan, mixup, relativistic, hinge, wgan_gp])
def test_each_player_gains_by_its_own_move(kind: object) -> None:
    """The generator's wish falls where answers to its faces rise, the discriminator's where not."""
    made = kind.make()  # type: ignore[attr-defined]
    fake = FAKE.clone().requires_grad_()

    def flat(faces: Tensor) -> Tensor:
        return (faces * SLOPE).mean((1, 2, 3)).view(-1, 1, 1, 1) / 10

    made.generator(flat, REAL, fake, rng()).backward()
    assert fake.grad is not None
    assert (fake.grad * SLOPE).sum() < 0
    if kind is mixup:
        return  # what it wants of a mixture depends on the share
    raised = torch.zeros((), requires_grad=True)

    def judged(faces: Tensor) -> Tensor:
        return flat(faces) + (0.5 + raised if faces is FAKE else 0.5)

    made.discriminator(judged, REAL, FAKE, rng()).backward()
    assert raised.grad is not None
    assert raised.grad > 0
