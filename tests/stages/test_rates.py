"""rates: the loss falls where the rate suits, and blows up where it is far too high."""

from pathlib import Path

import pytest
import torch

from commands import command
from faceloom.rows.rates import Rate
from faceloom.tables import read
from faceloom.training.rates import advised
from trained import small, tables


def test_the_rate_rises_until_the_loss_blows_up(tmp_path: Path) -> None:
    given = tables(tmp_path)
    files = {"table": tmp_path / "pair.parquet", "curve": tmp_path / "pair.svg"}
    done = command("rates", **given, **files, settings=small())
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    found = read(files["table"], Rate)
    assert 60 < len(found) <= 120
    rates = [each.rate for each in found]
    assert rates == sorted(rates) and rates[0] == pytest.approx(1e-6)
    steepest, tenth = advised(found)
    assert 1e-5 < steepest < 0.3 and 1e-5 < tenth < 0.1
    least = min(each.smooth for each in found[10:])
    assert found[-1].smooth > least  # it got worse in the end
    assert least < 0.97 * found[10].smooth  # and better before
    assert f"falls fastest at {steepest:.2g}" in done.stderr
    picture = files["curve"].read_text()
    assert "<svg" in picture
    assert torch.tensor([each.loss for each in found]).isfinite().all()


def test_what_is_advised_is_read_off_the_curve() -> None:
    levels = [1.0] * 15 + [0.9, 0.6, 0.5, 0.45, 0.44, 0.6, 2.0]
    found = [Rate(10.0 ** (n / 5 - 6), level, level) for n, level in enumerate(levels)]
    steepest, tenth = advised(found)
    assert steepest == pytest.approx(10.0 ** (16 / 5 - 6))
    assert tenth == pytest.approx(10.0 ** (19 / 5 - 6) / 10)
