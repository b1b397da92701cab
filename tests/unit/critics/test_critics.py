"""Critics of codes: each wish by its formula, who learns by it, and that a secret is kept."""

import math

import pytest
import torch
from torch import Tensor

from faceloom.critics import domain, prior
from faceloom.critics.critic import Codes, Critic, Dense

PEOPLE = ("anna", "emi", "the crowd")
CODES = Codes(PEOPLE, 6)


def given(seed: int = 0, length: int = 6) -> dict[str, Tensor]:
    rng = torch.Generator().manual_seed(seed)
    return {
        person: torch.randn(3 + place, length, generator=rng) for place, person in enumerate(PEOPLE)
    }


def awake(critic: Critic) -> Critic:
    """With a last layer that says something."""
    rng = torch.Generator().manual_seed(3)
    last = critic.network[-1]  # type: ignore[index]
    last.weight.data.copy_(torch.randn(last.weight.shape, generator=rng))
    last.bias.data.copy_(torch.randn(last.bias.shape, generator=rng))
    return critic


def test_domain_by_the_formula() -> None:
    critic = awake(domain.make(codes=CODES, width=16))
    wrong = []
    for place, codes in enumerate(given().values()):
        for code in codes:
            answers = critic.network(code / code.norm() * 6**0.5).tolist()
            wrong.append(math.log(sum(map(math.exp, answers))) - answers[place])
    expected = sum(wrong) / len(wrong)
    rng = torch.Generator()
    assert critic.critic(given(), rng).item() == pytest.approx(expected, rel=1e-5)
    assert critic.encoder(given(), rng).item() == pytest.approx(-expected, rel=1e-5)


def test_who_has_learnt_nothing_takes_everybody_for_anybody() -> None:
    critic = domain.make(codes=CODES, width=16)
    assert critic.critic(given(), torch.Generator()).item() == pytest.approx(math.log(3))


def test_prior_by_the_formula() -> None:
    critic = awake(prior.make(codes=CODES, width=16))
    said = torch.cat(list(given().values()))
    drawn = torch.randn(len(said), 6, generator=torch.Generator().manual_seed(8))
    real, fake = (critic.network(each)[:, 0].tolist() for each in (drawn, said))
    expected = sum(math.log(1 + math.exp(-each)) for each in real) / len(real)
    expected += sum(math.log(1 + math.exp(each)) for each in fake) / len(fake)
    rng = torch.Generator().manual_seed(8)
    assert critic.critic(given(), rng).item() == pytest.approx(expected, rel=1e-5)
    # algorithm 1: -log C + log(1 - C), of C = sigmoid(answer)
    ratio = [math.log(1 - sigmoid(each)) - math.log(sigmoid(each)) for each in fake]
    wanted = sum(ratio) / len(ratio)
    assert critic.encoder(given(), rng).item() == pytest.approx(wanted, rel=1e-4)


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def test_the_encoders_slope_is_the_classifiers_reversed() -> None:
    critic = awake(domain.make(codes=CODES, width=16))
    slopes = []
    for wish in (critic.critic, critic.encoder):
        codes = {person: each.requires_grad_() for person, each in given().items()}
        wish(codes, torch.Generator()).backward()  # type: ignore[no-untyped-call]
        slopes.append(torch.cat([each.grad for each in codes.values() if each.grad is not None]))
    assert slopes[0].abs().max() > 0
    torch.testing.assert_close(slopes[0], -slopes[1])


@pytest.mark.parametrize("kind", [domain, prior])
def test_a_secret_that_codes_tell_is_found_and_then_kept(kind: object) -> None:
    """Codes of two people stand apart, and far from the middle; a shift of each is learnt."""
    torch.manual_seed(0)
    people = PEOPLE[:2]
    critic = kind.make(codes=Codes(people, 4), width=32)  # type: ignore[attr-defined]
    shifts = torch.tensor([[2.0, 0, 0, 0], [0, 2.0, 0, 0]], requires_grad=True)
    rng = torch.Generator().manual_seed(0)
    teacher = torch.optim.Adam(critic.network.parameters(), lr=3e-3)
    hider = torch.optim.Adam([shifts], lr=2e-2)
    found = []
    for step in range(500):
        noise = torch.randn(2, 16, 4, generator=rng)
        codes = dict(zip(people, shifts[:, None] + noise, strict=True))
        teacher.zero_grad()
        verdict = critic.critic({who: each.detach() for who, each in codes.items()}, rng)
        verdict.backward()
        teacher.step()
        found.append(verdict.item())
        if step >= 100:
            hider.zero_grad()
            critic.encoder(codes, rng).backward()
            hider.step()
    blind = math.log(2) if kind is domain else 2 * math.log(2)
    assert sum(found[80:100]) / 20 < 0.75 * blind
    assert sum(found[-40:]) / 40 > 0.9 * blind
    if kind is domain:
        assert (shifts[0] - shifts[1]).norm() < 1
    else:
        assert shifts.norm(dim=1).max() < 1.3  # they began at 2


def test_widths_and_lengths() -> None:
    sizes = [tuple(each.shape) for each in Dense(6, (16, 8, 2), 3).parameters()]
    assert sizes[::2] == [(16, 6), (8, 16), (2, 8), (3, 2)]
