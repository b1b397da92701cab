"""Players at the code: who moves whom, what is kept, and the first losses."""

import json
import os
import sys
from pathlib import Path

import pytest
import torch

from faceloom.models.generator import Code, Painted
from faceloom.training import loop
from faceloom.training.augmentation import Augmentation
from faceloom.training.examiners import judgements, wishes
from faceloom.training.options import Options, Progress
from faceloom.training.schedule import Phase
from faceloom.training.step import Lesson

sys.path.insert(0, str(Path(__file__).parent))
import coded
from tiny import PEOPLE, banks, same

GOLDEN = Path(__file__).parents[2] / "golden" / "first_losses_of_codes.json"


class Stopped(Exception):
    pass


def stop(seen: Progress) -> None:
    if seen.step >= 5:
        raise Stopped


def test_each_player_moves_only_itself() -> None:
    by, draws = coded.examiners(), torch.Generator()
    for each in by.values():
        for weight in each.critic.network.parameters():
            weight.data.add_(0.1)
    codes = {who: torch.randn(3, coded.LATENT, requires_grad=True) for who in PEOPLE}
    blank = torch.zeros(3, 3, 4, 4)
    painted = {who: Painted(blank, code=Code(code)) for who, code in codes.items()}
    sum(wishes(by, painted, draws).values()).backward()  # type: ignore[union-attr]
    slopes = {who: code.grad for who, code in codes.items()}
    assert all(slope is not None and slope.abs().max() > 0 for slope in slopes.values())
    networks = [each.critic.network for each in by.values()]
    assert all(weight.grad is None for each in networks for weight in each.parameters())
    for code in codes.values():
        code.grad = None
    sum(judgements(by, painted, draws).values()).backward()  # type: ignore[union-attr]
    assert all(code.grad is None for code in codes.values())
    for each in networks:
        assert all(weight.grad is not None for weight in each.parameters())
        assert all(weight.requires_grad for weight in each.parameters())


def test_a_critic_that_weighs_nothing_learns_and_changes_no_bit(tmp_path: Path) -> None:
    alone, _ = coded.trained(tmp_path / "a.pt", by={}, steps=4)
    by = {"domain": coded.examiners()["domain"]}
    before = [each.detach().clone() for each in by["domain"].critic.network.parameters()]
    watched, _ = coded.trained(tmp_path / "w.pt", by=by, secrets={}, steps=4)
    assert same(alone, watched)
    after = list(by["domain"].critic.network.parameters())
    assert any(not torch.equal(one, other) for one, other in zip(before, after, strict=True))
    by = {"domain": coded.examiners()["domain"]}
    hiding, _ = coded.trained(tmp_path / "h.pt", by=by, secrets={"domain": 1.0}, steps=4)
    assert not same(alone, hiding)


def test_stopped_and_resumed_is_undisturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "EVERY", 5)
    undisturbed, history = coded.trained(tmp_path / "u.pt")
    with pytest.raises(Stopped):
        coded.trained(tmp_path / "r.pt", progress=stop)
    resumed, again = coded.trained(tmp_path / "r.pt", on=coded.generator(seed=9))
    assert same(undisturbed, resumed)
    assert history == again


def test_whose_faces_vary_otherwise() -> None:
    own = Augmentation(channels=0.3)
    lesson = Lesson(banks(), Augmentation(), Options(), (Phase(0, {}),), {PEOPLE[0]: own})
    assert lesson.varied(PEOPLE[0]) is own
    assert lesson.varied(PEOPLE[1]) == Augmentation()


def test_the_first_losses_of_codes_are_those_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FACELOOM_GOLDEN=write makes the record anew."""
    monkeypatch.setattr(loop, "EVERY", 1)
    _, history = coded.trained(tmp_path / "resume.pt", steps=3)
    names = ("total", "kl.boris", "semantic.chen", "domain.encoder", "domain.critic")
    found = {
        name: [round(row.value, 6) for row in history.rows if row.loss == name]
        for name in (*names, "prior.encoder", "prior.critic")
    }
    if os.environ.get("FACELOOM_GOLDEN") == "write":
        GOLDEN.write_text(json.dumps({"losses": found, "relative_tolerance": 1e-3}) + "\n")
    golden = json.loads(GOLDEN.read_text())
    for name, values in found.items():
        wanted, close = golden["losses"][name], golden["relative_tolerance"]
        assert values == pytest.approx(wanted, rel=close, abs=1e-5), name
