"""kill -9 at any moment costs at most the steps since the last save, and no bit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch


@pytest.mark.parametrize(
    ("kind", "seeds", "later_than"),
    [
        # After the phase has begun: discriminators, average, schedule and earlier faces too. The
        # command is killed in tests/stages/test_train.py.
        ("cycles", ("5", "7"), 6),
        # After the second row of history, so that rows are resumed too.
        pytest.param("tiny", ("4", "5", "7"), 10, marks=pytest.mark.slow),
        # Three moments each, with schedule and average; after the second phase has begun.
        pytest.param("autos", ("5", "7", "8"), 4, marks=pytest.mark.slow),
        pytest.param("players", ("5", "7", "8", "9", "10"), 4, marks=pytest.mark.slow),
        pytest.param("cycles", ("8", "9", "10"), 6, marks=pytest.mark.slow),
    ],
)
def test_a_killed_training_goes_on_as_if_undisturbed(
    tmp_path: Path, kind: str, seeds: tuple[str, ...], later_than: int
) -> None:
    script = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, kind, *seeds],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    went_on_from = [int(step) for step in done.stdout.split()]
    assert len(went_on_from) == len(seeds)
    assert any(later_than < step < 40 for step in went_on_from), went_on_from
    undisturbed = torch.load(tmp_path / "undisturbed.pt", weights_only=True)
    for seed in seeds:
        resumed = torch.load(tmp_path / f"{seed}.pt", weights_only=True)
        assert resumed["rows"] == undisturbed["rows"]
        assert resumed["weights"].keys() == undisturbed["weights"].keys()
        for name, weight in undisturbed["weights"].items():
            assert torch.equal(resumed["weights"][name], weight), (seed, name)
