import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.models.generator import Generator
from faceloom.training import loop
from faceloom.training.history import Row
from faceloom.training.options import Progress

sys.path.insert(0, str(Path(__file__).parent))
from tiny import LOSSES, generator, same, trained

GOLDEN = Path(__file__).parents[2] / "golden" / "first_losses.json"


class Stopped(Exception):
    pass


def stop_at(step: int) -> Callable[[Progress], None]:
    def progress(seen: Progress) -> None:
        if seen.step >= step:
            raise Stopped

    return progress


def test_it_learns(tmp_path: Path) -> None:
    _, history = trained(tmp_path / "resume.pt", steps=60)
    totals = [row.value for row in history.rows if row.loss == "total"]
    assert totals[-1] < 0.7 * totals[0]


def test_a_seed_is_a_training(tmp_path: Path) -> None:
    one, history = trained(tmp_path / "one.pt")
    again, history_again = trained(tmp_path / "again.pt")
    other, _ = trained(tmp_path / "other.pt", seed=1)
    assert same(one, again)
    assert history == history_again
    assert not same(one, other)


@pytest.mark.parametrize("stop", [10, 20])
def test_stopped_and_resumed_is_undisturbed(tmp_path: Path, stop: int) -> None:
    undisturbed, history = trained(tmp_path / "undisturbed.pt")
    with pytest.raises(Stopped):
        trained(tmp_path / "resume.pt", progress=stop_at(stop))
    torch.rand(5)  # whatever happens in between
    resumed, resumed_history = trained(tmp_path / "resume.pt", on=generator(seed=99))
    assert same(undisturbed, resumed)
    assert history == resumed_history


def test_a_finished_training_is_not_done_again(tmp_path: Path) -> None:
    finished, history = trained(tmp_path / "resume.pt")
    seen: list[Progress] = []
    again, history_again = trained(
        tmp_path / "resume.pt", on=generator(seed=99), progress=seen.append
    )
    assert same(finished, again)
    assert history == history_again
    assert not seen


@pytest.mark.parametrize("change", [{"fingerprint": "another"}, {"steps": 20}])
def test_a_state_that_does_not_go_is_not_gone_on_from(
    tmp_path: Path, change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    trained(tmp_path / "resume.pt", seed=5)
    with caplog.at_level(logging.WARNING):
        anew, _ = trained(tmp_path / "resume.pt", **change)
    assert "starting anew" in caplog.text
    undisturbed, _ = trained(tmp_path / "undisturbed.pt", **change)
    assert same(anew, undisturbed)


def test_the_callers_draws_stay_as_they_were(tmp_path: Path) -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    trained(tmp_path / "resume.pt", steps=2)
    assert torch.equal(torch.rand(2), expected)


def test_previews_see_the_generator_and_change_nothing(tmp_path: Path) -> None:
    plain, _ = trained(tmp_path / "plain.pt")
    seen = []

    def preview(shown: Generator, step: int) -> None:
        torch.rand(9)
        seen.append((step, shown.training, torch.is_grad_enabled()))

    shown, _ = trained(tmp_path / "shown.pt", preview=preview, preview_every=12)
    assert seen == [(12, False, False), (24, False, False)]
    assert same(plain, shown)
    assert shown.training


def test_progress_is_reported(tmp_path: Path) -> None:
    seen: list[Progress] = []
    _, history = trained(tmp_path / "resume.pt", steps=25, progress=seen.append)
    assert [each.step for each in seen] == [10, 20, 25]
    assert all(each.steps == 25 and each.samples_per_second > 0 for each in seen)
    assert seen[0].seconds_left > seen[-1].seconds_left == 0
    assert list(seen[0].losses) == ["total", "l1.boris", "l1.chen", "dssim.boris", "dssim.chen"]
    assert seen[1].losses["total"] in [row.value for row in history.rows if row.step == 20]


def test_history_holds_means_and_the_total_is_weighted(tmp_path: Path) -> None:
    _, history = trained(tmp_path / "resume.pt", steps=12)
    row = {loss: value for step, loss, value in history.rows if step == 10}
    total = sum(LOSSES[name.split(".")[0]][0] * row[name] for name in row if name != "total")
    assert row["total"] == pytest.approx(total, rel=1e-5)
    assert {step for step, _, _ in history.rows} == {10, 12}
    assert isinstance(history.rows[0], Row)
    assert history.precision == "fp32"


def broken(steps: range) -> dict[str, Any]:
    """Losses of which one is not a number at these steps (two people a step)."""
    calls = iter(range(10_000))

    def loss(batch: Any, painted: Any) -> torch.Tensor:
        value = LOSSES["l1"][1](batch, painted)
        return value * (float("nan") if next(calls) // 2 + 1 in steps else 1.0)

    return {"l1": (1.0, loss)}


def test_a_step_that_is_not_finite_is_left_out(tmp_path: Path) -> None:
    generator, history = trained(tmp_path / "resume.pt", losses=broken(range(4, 7)))
    assert history.skipped == (4, 5, 6)
    assert all(weight.isfinite().all() for weight in generator.parameters())
    assert all(row.value == row.value for row in history.rows)


def test_it_stops_where_no_step_is_finite_any_more(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="since step 8"):
        trained(tmp_path / "resume.pt", losses=broken(range(9, 99)), steps=60)


def test_twenty_in_a_row_are_borne(tmp_path: Path) -> None:
    losses = broken(range(3, 23))
    _, history = trained(tmp_path / "resume.pt", losses=losses)
    assert len(history.skipped) == 20


def test_bf16_learns_too(tmp_path: Path) -> None:
    generator, history = trained(tmp_path / "resume.pt", steps=3, precision="bf16")
    assert history.precision == "bf16"
    assert all(weight.dtype == torch.float32 for weight in generator.parameters())
    assert all(row.value == row.value for row in history.rows)


def test_the_first_losses_are_those_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FACELOOM_GOLDEN=write makes the record anew."""
    monkeypatch.setattr(loop, "EVERY", 1)
    _, history = trained(tmp_path / "resume.pt", steps=5, save_every=None)
    losses = [round(row.value, 6) for row in history.rows if row.loss == "total"]
    if os.environ.get("FACELOOM_GOLDEN") == "write":
        GOLDEN.write_text(json.dumps({"losses": losses, "relative_tolerance": 1e-3}) + "\n")
    golden = json.loads(GOLDEN.read_text())
    assert losses == pytest.approx(golden["losses"], rel=golden["relative_tolerance"])
