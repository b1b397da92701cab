"""Two players: who moves whom, averages, phases; and nothing is lost on the way."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from faceloom.discriminators import v1 as judge
from faceloom.losses import l1
from faceloom.models import small
from faceloom.models.generator import Generator, Painted
from faceloom.objectives import lsgan
from faceloom.training import loop
from faceloom.training.adversary import Adversary, Rules, judges
from faceloom.training.augmentation import Augmentation
from faceloom.training.average import Average
from faceloom.training.batch import Batch
from faceloom.training.history import History, Tally
from faceloom.training.loop import train
from faceloom.training.options import Options
from faceloom.training.run import Run, new
from faceloom.training.schedule import Phase, current
from faceloom.training.seeds import seeded

sys.path.insert(0, str(Path(__file__).parent))
import players
from tiny import LOSSES, PEOPLE, banks, generator, same

GOLDEN = Path(__file__).parents[2] / "golden" / "first_losses_of_players.json"


def adversary(**changes: Any) -> Adversary:
    with seeded(1):
        networks = judges(PEOPLE, lambda: judge.make(size=32, width=4))
    return replace(Adversary(networks, lsgan.make(), rate=1e-3), **changes)


def played(
    resume: Path,
    *,
    on: Generator | None = None,
    against: Adversary | None = None,
    phases: tuple[Phase, ...] = (),
    losses: Any = LOSSES,
    preview: Callable[..., None] | None = None,
    **options: Any,
) -> tuple[Generator, History]:
    learnt = on or generator()
    said: dict[str, Any] = {
        "steps": 8, "batch": 2, "warmup": 2, "threads": 1, "precision": "fp32", "save_every": None,
        "preview_every": 1 if preview else None,
    }  # fmt: skip
    history = train(
        learnt,
        banks(),
        losses,
        Augmentation(),
        Options(**(said | options)),
        resume=resume,
        fingerprint="played",
        adversary=against,
        phases=phases,
        preview=preview,
    )
    return learnt, history


def copied(network: torch.nn.Module) -> list[torch.Tensor]:
    return [each.detach().clone() for each in network.parameters()]


def test_an_adversary_of_no_weight_changes_no_bit_of_the_generator(tmp_path: Path) -> None:
    against = adversary(weight=0.0)
    before = copied(against.networks)
    alone, _ = played(tmp_path / "alone.pt")
    watched, history = played(tmp_path / "watched.pt", against=against)
    assert same(alone, watched)
    assert not any(
        torch.equal(one, other) for one, other in zip(before, copied(against.networks), strict=True)
    )
    assert {row.loss for row in history.rows} >= {"discriminator.boris", "discriminator.chen"}
    fooled, history = played(tmp_path / "fooled.pt", against=adversary(weight=0.5))
    assert not same(alone, fooled)
    assert {row.loss for row in history.rows} >= {"adversarial.boris", "adversarial.chen"}


def test_a_discriminator_learns_to_tell_them_apart(tmp_path: Path) -> None:
    against = adversary(weight=0.0, rate=5e-3)
    _, history = played(tmp_path / "r.pt", against=against, steps=80, flat=1.0)
    judged = [row.value for row in history.rows if row.loss == "discriminator.boris"]
    assert sum(judged[-4:]) / 4 < 0.2  # who answers .5 to everything has .25


def example() -> tuple[dict[str, Batch], Painted]:
    rng = torch.Generator().manual_seed(0)
    seen, target = (torch.rand(2, 3, 32, 32, generator=rng) * 2 - 1 for _ in range(2))
    image = (torch.rand(2, 3, 32, 32, generator=rng) * 2 - 1).requires_grad_()
    mask = torch.rand(2, 1, 32, 32, generator=rng).requires_grad_()
    return {"boris": Batch(seen, target, torch.ones(2, 1, 32, 32))}, Painted(image, mask)


@pytest.mark.parametrize("shown", ["both", "image", "laid"])
def test_each_player_moves_only_itself(shown: Any) -> None:
    batches, painted = example()
    against, rules = adversary(shown=shown), Rules("fp32", torch.Generator())
    network = against.networks["of_boris"]
    wish = against.wishes(batches, {"boris": painted}, rules)["boris"]
    laid = painted.laid(batches["boris"].warped)
    faces = {"both": [laid, painted.image], "image": [painted.image], "laid": [laid]}[shown]
    seen, target = batches["boris"].warped, batches["boris"].target
    wanted = torch.stack([(network(face, seen) - 1).square().mean() / 2 for face in faces]).sum()
    assert wish.item() == pytest.approx(float(wanted.detach()), rel=1e-5)
    wish.backward()  # type: ignore[no-untyped-call]
    assert painted.image.grad is not None and painted.mask is not None
    assert (painted.mask.grad is not None) is (shown != "image")
    assert all(weight.grad is None for weight in against.networks.parameters())
    painted.image.grad = None
    verdict = against.judgements(batches, {"boris": painted}, rules)["boris"]
    real = (network(target, seen) - 1).square().mean() / 2
    judged = torch.stack([real + network(face, seen).square().mean() / 2 for face in faces]).sum()
    assert verdict.item() == pytest.approx(float(judged.detach()), rel=1e-5)
    verdict.backward()  # type: ignore[no-untyped-call]
    assert painted.image.grad is None
    assert all(weight.grad is not None for weight in network.parameters())
    assert all(weight.grad is None for weight in against.networks["of_chen"].parameters())


def test_what_is_painted_may_have_a_judge_of_its_own() -> None:
    batches, painted = example()
    with seeded(2):
        networks = judges(
            PEOPLE,
            lambda: judge.make(size=32, width=4),
            lambda: judge.make(size=32, width=4, pairs=False),
        )
    against, rules = Adversary(networks, lsgan.make()), Rules("fp32", torch.Generator())
    seen = batches["boris"].warped
    wanted = (networks["of_boris"](painted.laid(seen), seen) - 1).square().mean() / 2
    wanted = wanted + (networks["alone_boris"](painted.image, seen) - 1).square().mean() / 2
    wish = against.wishes(batches, {"boris": painted}, rules)["boris"]
    assert wish.item() == pytest.approx(float(wanted.detach()), rel=1e-5)
    verdict = against.judgements(batches, {"boris": painted}, rules)["boris"]
    verdict.backward()  # type: ignore[no-untyped-call]
    for name in ("of_boris", "alone_boris"):
        assert all(weight.grad is not None for weight in networks[name].parameters())


@pytest.mark.parametrize("margin", [0.0, 100.0])
def test_features_of_who_judges_are_to_be_alike_and_to_differ(margin: float) -> None:
    batches, painted = example()
    rules = Rules("fp32", torch.Generator())
    plain, against = adversary(), adversary(features=0.5, margin=margin)
    seen, target = batches["boris"].warped, batches["boris"].target
    apart, layers = 0.0, against.networks["of_boris"].layers
    for last in (2, 4, 6):  # a convolution and a leaky ReLU, three times
        real, fake = (
            layers[:last](torch.cat([faces, seen], 1)) for faces in (target, painted.image)
        )
        apart += float((real - fake).abs().mean().detach())
    for player, wanted in (("wishes", apart), ("judgements", max(0.0, margin - apart))):
        with_features, without = (
            getattr(each, player)(batches, {"boris": painted}, rules)["boris"]
            for each in (against, plain)
        )
        more = float((with_features - without).detach())
        assert more == pytest.approx(0.5 * wanted, rel=1e-4, abs=1e-6)
    painted.image.grad = None
    against.wishes(batches, {"boris": painted}, rules)["boris"].backward()
    assert painted.image.grad is not None
    assert all(weight.grad is None for weight in against.networks.parameters())


def test_the_generator_moves_every_so_often(tmp_path: Path) -> None:
    seen = [torch.cat([each.flatten() for each in copied(generator())])]

    def preview(shown: Generator, _step: int) -> None:
        seen.append(torch.cat([each.flatten() for each in copied(shown)]))

    played(tmp_path / "r.pt", against=adversary(every=3), preview=preview, steps=7)
    still = [torch.equal(one, other) for one, other in zip(seen, seen[1:], strict=False)]
    assert still == [True, True, False, True, True, False, True]


def test_an_average_by_hand() -> None:
    network = torch.nn.Linear(1, 1, bias=False)
    values = [1.0, 2.0, -1.0, 4.0]
    network.weight.data.fill_(values[0])
    average = Average(network, keep=0.15)
    expected = values[0]
    for moves, value in enumerate(values[1:]):
        network.weight.data.fill_(value)
        average.follow(network)
        keep = min(0.15, (1 + moves) / (10 + moves))
        expected = keep * expected + (1 - keep) * value
    with average.worn(network):
        assert network.weight.item() == pytest.approx(expected)
    assert network.weight.item() == values[-1]
    average.wear(network)
    assert network.weight.item() == pytest.approx(expected)


def test_what_is_kept_is_the_average_of_what_was_learnt(tmp_path: Path) -> None:
    seen: list[list[torch.Tensor]] = []
    steps = 5
    played(tmp_path / "r.pt", preview=lambda shown, _: seen.append(copied(shown)), steps=steps)
    expected = copied(generator())
    for moves, now in enumerate(seen):
        keep = (1 + moves) / (10 + moves)
        expected = [
            keep * before + (1 - keep) * after for before, after in zip(expected, now, strict=True)
        ]
    averaged, _ = played(tmp_path / "a.pt", steps=steps, average=0.999)
    for found, wanted in zip(averaged.parameters(), expected, strict=True):
        torch.testing.assert_close(found.detach(), wanted, atol=1e-6, rtol=1e-5)


def test_decay_is_the_slope_of_the_squares(tmp_path: Path) -> None:
    learnt = generator()

    def squares(_batch: Batch, _painted: Painted) -> torch.Tensor:  # once for each of two people
        every = [each for each in learnt.parameters() if each.dim() > 1]
        return torch.stack([each.square().sum() for each in every]).sum() / 2

    explicit, _ = played(
        tmp_path / "e.pt", on=learnt, losses={**LOSSES, "squares": (0.01, squares)}, clip=1e9
    )
    decayed, _ = played(tmp_path / "d.pt", decay=0.01, clip=1e9)
    plain, _ = played(tmp_path / "p.pt", clip=1e9)
    wrong = torch.cat(
        [
            (one - other).abs().flatten()
            for one, other in zip(explicit.parameters(), decayed.parameters(), strict=True)
        ]
    )
    moved = torch.cat(
        [
            (one - other).abs().flatten()
            for one, other in zip(plain.parameters(), decayed.parameters(), strict=True)
        ]
    )
    assert wrong.mean() < 0.01 * moved.mean()


def test_decoders_turn_with_all_that_is_known_of_them() -> None:
    with seeded(0):
        painter = small.make(people=("a", "b", "c"), size=32, width=8, latent=16)
    run = new(painter, None, Options(average=0.9))
    assert run.average is not None
    total = sum(
        (place + 1) * each.image.mean()
        for place, each in enumerate(
            painter.joint({p: torch.rand(1, 3, 32, 32) for p in "abc"}).values()
        )
    )
    total.backward()  # type: ignore[union-attr, no-untyped-call]
    run.optimiser.step()
    run.average.follow(painter)

    def known(person: str) -> list[torch.Tensor]:
        kept = run.average.weights if run.average else {}
        found = []
        for name, each in painter.named_parameters():
            if f"of_{person}." in name:
                found += [each.detach().clone(), kept[name].clone()]
                found += [value.clone() for value in run.optimiser.state[each].values()]
        return found

    before = {person: known(person) for person in "abc"}
    run.turn()
    for person, next_one in zip("abc", "bca", strict=True):
        found = known(person)
        assert all(
            torch.equal(one, other) for one, other in zip(found, before[next_one], strict=True)
        )
    assert not torch.equal(before["a"][0], before["b"][0])


def test_phases_hold_from_their_step_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "EVERY", 1)
    plain = {"l1": (1.0, l1.make())}
    later = Phase(3, {**plain, "dssim": (2.0, LOSSES["dssim"][1])})
    last = Phase(6, {"l1": (0.0, l1.make()), "dssim": (2.0, LOSSES["dssim"][1])}, rate=0.1)
    assert [current((later, last), step).start for step in (3, 5, 6, 9)] == [3, 3, 6, 6]
    _, history = played(tmp_path / "r.pt", losses=plain, phases=(later, last))
    rows: dict[int, dict[str, float]] = {}
    for row in history.rows:
        rows.setdefault(row.step, {})[row.loss] = row.value
    for step in range(1, 9):
        terms = {name.partition(".")[0] for name in rows[step]} - {"total"}
        assert terms == ({"l1"} if step <= 3 else {"l1", "dssim"} if step <= 6 else {"dssim"})
        weight = {"l1": 1.0, "dssim": 2.0}
        total = sum(weight[n.partition(".")[0]] * v for n, v in rows[step].items() if n != "total")
        assert rows[step]["total"] == pytest.approx(total, rel=1e-5)


def test_a_phase_scales_both_rates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[float, float]] = []
    before = Run.turn

    def watched(run: Run) -> None:
        before(run)
        assert run.opponent is not None
        seen.append((run.optimiser.param_groups[0]["lr"], run.opponent.param_groups[0]["lr"]))

    monkeypatch.setattr(Run, "turn", watched)
    phases = (
        Phase(4, LOSSES, adversarial=0.1, rate=0.25),
        Phase(5, LOSSES, adversarial=0.1, turn=True),
        Phase(7, LOSSES, adversarial=0.1, turn=True),
    )
    played(tmp_path / "r.pt", against=adversary(rate=4e-3), phases=phases, flat=1.0, rate=1e-3)
    assert seen == [(pytest.approx(2.5e-4), pytest.approx(1e-3)), (1e-3, 4e-3)]


def test_a_mean_is_of_the_steps_that_a_loss_was_there() -> None:
    tally = Tally()
    tally.add({"l1": 1.0})
    tally.add({"l1": 2.0, "late": 5.0})
    assert tally.close(2) == {"l1": 1.5, "late": 5.0}


def test_a_step_that_is_not_finite_moves_neither(tmp_path: Path) -> None:
    calls = iter(range(100))

    def loss(batch: Batch, painted: Painted) -> torch.Tensor:
        return l1.make()(batch, painted) * (float("nan") if next(calls) // 2 == 1 else 1.0)

    against = adversary()
    seen: list[list[torch.Tensor]] = []

    def preview(_shown: Generator, _step: int) -> None:
        seen.append(copied(against.networks))

    _, history = played(
        tmp_path / "r.pt", against=against, losses={"l1": (1.0, loss)}, preview=preview, steps=3
    )
    assert history.skipped == (2,)
    assert all(torch.equal(one, other) for one, other in zip(seen[0], seen[1], strict=True))
    assert not torch.equal(seen[1][0], seen[2][0])


def test_bf16_plays_too(tmp_path: Path) -> None:
    _, history = played(tmp_path / "r.pt", against=adversary(), precision="bf16", steps=2)
    assert all(row.value == row.value for row in history.rows)


def test_the_first_losses_of_v22_are_those_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FACELOOM_GOLDEN=write makes the record anew."""
    monkeypatch.setattr(loop, "EVERY", 1)
    _, history = players.trained(tmp_path / "resume.pt", steps=3, attention=True)
    found = {
        name: [round(row.value, 6) for row in history.rows if row.loss == name]
        for name in ("total", "adversarial.boris", "discriminator.chen")
    }
    if os.environ.get("FACELOOM_GOLDEN") == "write":
        GOLDEN.write_text(json.dumps({"losses": found, "relative_tolerance": 1e-3}) + "\n")
    golden = json.loads(GOLDEN.read_text())
    for name, values in found.items():
        assert values == pytest.approx(golden["losses"][name], rel=golden["relative_tolerance"]), (
            name
        )
