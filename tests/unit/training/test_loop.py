import json
import logging
import os
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.models.generator import Generator
from faceloom.training import loop
from faceloom.training.history import Row
from faceloom.training.loop import Kept
from faceloom.training.options import Progress
from faceloom.training.schedule import common
from faceloom.training.state import load
from faceloom.training.watch import Watch

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


def test_it_stops_where_no_step_is_finite_any_more_with_what_was_good(tmp_path: Path) -> None:
    resume = tmp_path / "resume.pt"
    generator, history = trained(resume, losses=broken(range(9, 99)), steps=60)
    assert (history.kept, history.why) == (7, "no finite gradient since step 8")
    assert [tuple(row) for row in history.rows if row.loss in ("diverged", "kept")] == [
        (29, "diverged", 29.0),
        (29, "kept", 7.0),
    ]
    assert sum(row.value for row in history.rows if row.loss == "skipped") == 12  # until 20
    good = load(resume, "tiny")
    assert good is not None and good.step == 7
    state = generator.state_dict()
    assert all(torch.equal(state[name], weight) for name, weight in good.generator.items())


def test_where_nothing_was_good_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="since step 2, and nothing good was saved"):
        trained(tmp_path / "resume.pt", losses=broken(range(3, 99)), steps=60)


def test_a_rate_far_too_high_is_seen_from_what_is_painted(tmp_path: Path) -> None:
    resume = tmp_path / "resume.pt"
    with pytest.raises(FaceloomError, match="painted worse than by an untrained network since st"):
        trained(resume, rate=3.0, steps=400, save_every=2, warmup=0)
    assert not resume.exists()


LONGER = {"save_every": None, "average": 0.9}


def longer(folder: Path, steps: int, **options: Any) -> tuple[Generator, Any]:
    """A training that leaves what more steps can go on from, or goes on from it."""
    flat = options.setdefault("flat", 0.5)
    kept = Kept(folder / "state.pt", "any", common(steps, flat, []))
    return trained(folder / "resume.pt", fingerprint=f"{steps}", steps=steps, kept=kept, **options)


@pytest.mark.parametrize(("flat", "at"), [(0.5, 9), (1.0, 17)])
def test_more_steps_later_are_as_many_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, flat: float, at: int
) -> None:
    (tmp_path / "at_once").mkdir()
    longer(tmp_path, 17, flat=flat, **LONGER)
    with caplog.at_level(logging.INFO):
        later, history = longer(tmp_path, 33, flat=flat, **LONGER)
    assert f"going on from step {at} of a training of 17 steps" in caplog.text
    at_once, whole = longer(tmp_path / "at_once", 33, flat=flat, **LONGER)
    assert same(later, at_once)
    assert history == whole


def watched(scores: list[float], patience: int | None = None) -> Watch:
    """Looks that find these scores, one after the other."""
    ahead = iter(scores)
    return Watch(lambda _: {"score": next(ahead)}, 5, patience)


def test_the_best_weights_are_kept(tmp_path: Path) -> None:
    scores = [3.0, 1.0, 2.0, 2.0, 4.0, 5.0]
    best, history = trained(tmp_path / "one.pt", watch=watched(scores), average=0.9)
    assert history.kept == 10
    seen: list[Generator] = []
    trained(
        tmp_path / "two.pt", average=0.9, preview_every=10,
        preview=lambda made, step: seen.append(deepcopy(made)),
    )  # fmt: skip
    assert same(best, seen[0])  # averaged, as it was looked at
    looks = [(row.step, row.value) for row in history.rows if row.loss == "held.score"]
    assert looks == [(5, 3), (10, 1), (15, 2), (20, 2), (25, 4), (30, 5)]
    assert history.rows[-1] == Row(30, "kept", 10.0)


def test_it_ends_when_nothing_gets_better(tmp_path: Path) -> None:
    _, history = trained(tmp_path / "one.pt", watch=watched([3, 1, 2, 2], patience=2), save_every=1)
    assert history.kept == 10
    assert max(row.step for row in history.rows) == 20
    resumed, again = trained(tmp_path / "one.pt", watch=watched([], patience=2), on=generator(9))
    assert again == history  # it was at its end already


def test_what_was_best_outlives_a_stop(tmp_path: Path) -> None:
    scores = [3.0, 1.0, 2.0, 2.5, 4.0, 5.0]
    whole, history = trained(tmp_path / "whole.pt", watch=watched(scores), save_every=5)
    with pytest.raises(Stopped):
        trained(tmp_path / "resume.pt", watch=watched(scores), save_every=5, progress=stop_at(20))
    # saved at 15: its three looks are not made again
    resumed, again = trained(
        tmp_path / "resume.pt", watch=watched(scores[3:]), save_every=5, on=generator(9)
    )
    assert same(whole, resumed)
    assert history == again


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
