"""Several processes learn what one learns from all their faces."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.training import together
from faceloom.training.batch import Batch

SCRIPT = Path(__file__).with_name("doubled.py")
TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2")


def run(*line: Any) -> None:
    done = subprocess.run(
        [str(word) for word in line],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.ddp
def test_two_by_torchrun_learn_what_one_does_from_twice_as_many_faces(tmp_path: Path) -> None:
    run(*TORCHRUN, SCRIPT, tmp_path / "two.pt")
    run(sys.executable, SCRIPT, tmp_path / "one.pt")
    one, two = (torch.load(tmp_path / f"{name}.pt", weights_only=True) for name in ("one", "two"))
    assert (one["count"], two["count"]) == (1, 2)
    assert one["weights"].keys() == two["weights"].keys()
    for name, weight in one["weights"].items():
        assert weight.dtype == torch.float64
        assert (weight - two["weights"][name]).abs().max() <= 1e-9, name
    assert [row[:2] for row in one["rows"]] == [row[:2] for row in two["rows"]]
    means = [[row[2] for row in each["rows"]] for each in (one, two)]
    assert means[0] == pytest.approx(means[1], abs=1e-9)
    first, last = (row[2] for row in one["rows"] if row[1] == "far.boris")
    assert last < 0.9 * first  # it did learn


def test_each_has_its_share_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    faces = torch.arange(6.0).view(6, 1, 1, 1)
    batch = Batch(faces, faces + 10, faces + 20)
    assert together.share(batch) is batch
    monkeypatch.setattr(together, "several", lambda: True)
    monkeypatch.setattr(together, "count", lambda: 3)
    monkeypatch.setattr(together, "place", lambda: 1)
    own = together.share(batch)
    assert own.warped.flatten().tolist() == [2, 3]
    assert own.mask.flatten().tolist() == [22, 23]
    assert own.eyes is None
    together.shareable(6)
    with pytest.raises(FaceloomError, match="train.batch: 7 faces .* by 3 processes; try 6"):
        together.shareable(7)
