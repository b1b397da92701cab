"""kill -9 at any moment costs at most the steps since the last save, and no bit."""

import os
import subprocess
import sys
from pathlib import Path

import torch

SEEDS = ("4", "5", "7")


def test_a_killed_training_goes_on_as_if_undisturbed(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, *SEEDS],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    went_on_from = [int(step) for step in done.stdout.split()]
    assert len(went_on_from) == len(SEEDS)
    # After the second row of history, so that rows are resumed too.
    assert any(10 < step < 40 for step in went_on_from), went_on_from
    undisturbed = torch.load(tmp_path / "undisturbed.pt", weights_only=True)
    for seed in SEEDS:
        resumed = torch.load(tmp_path / f"{seed}.pt", weights_only=True)
        assert resumed["rows"] == undisturbed["rows"]
        assert resumed["weights"].keys() == undisturbed["weights"].keys()
        for name, weight in undisturbed["weights"].items():
            assert torch.equal(resumed["weights"][name], weight), (seed, name)
