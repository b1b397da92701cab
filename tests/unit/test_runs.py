"""One run in a folder at a time, and what dead ones leave is cleared away."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from faceloom import runs

HOLD = """
import sys, time
from pathlib import Path
from faceloom.runs import join
mark = join(Path(sys.argv[1]), Path(sys.argv[2]))
print("in", flush=True)
time.sleep(60)
"""
JOB = """
import time
from faceloom.runs import end_with_run
end_with_run()
time.sleep(60)
"""


@pytest.fixture
def left(tmp_path: Path) -> tuple[Path, Path]:
    """What a run that died leaves: a lock, what is half, and a file that is whole."""
    records, results = tmp_path / "records", tmp_path / "results"
    (records / "locks").mkdir(parents=True)
    (records / "locks/0.output.lock").write_text("results/a\n")
    (results / "deep").mkdir(parents=True)
    (results / "deep/half.parquet.part").write_text("ha")
    (results / "deep/crops.part").mkdir()
    (results / "deep/crops.part/1.png").write_text("half a folder")
    (results / "deep/whole.parquet").write_text("whole")
    return records, results


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_who_is_alone_clears_away(left: tuple[Path, Path]) -> None:
    records, results = left
    with runs.join(records, results):
        assert files(records) == {"at-work"}
        assert files(results) == {"whole.parquet"}


def test_the_first_run_of_all_makes_its_mark(tmp_path: Path) -> None:
    with runs.join(tmp_path / "records", tmp_path / "results"):
        assert files(tmp_path) == {"at-work"}


def test_while_somebody_is_at_work_nothing_is_cleared(left: tuple[Path, Path]) -> None:
    records, results = left
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(records), str(results)], stdout=subprocess.PIPE
    )
    assert other.stdout
    assert other.stdout.readline() == b"in\n"
    (results / "deep/other.parquet.part").write_text("being written")
    (records / "locks").mkdir()
    (records / "locks/theirs").write_text("")
    with runs.join(records, results):
        assert "other.parquet.part" in files(results)
        assert "theirs" in files(records)
    other.kill()
    other.wait()
    with runs.join(records, results):
        assert files(results) == {"whole.parquet"}
        assert files(records) == {"at-work"}


def test_a_job_ends_with_its_run() -> None:
    run = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    environment = {**os.environ, runs.RUN: str(run.pid)}
    job = subprocess.Popen([sys.executable, "-c", JOB], env=environment, stderr=subprocess.PIPE)
    time.sleep(1)
    assert job.poll() is None
    run.kill()
    run.wait()
    assert job.wait(timeout=20) == 1
    assert job.stderr
    assert b"is gone" in job.stderr.read()


def test_a_job_without_a_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(runs.RUN, raising=False)
    runs.stay_wanted()
