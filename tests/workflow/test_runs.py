"""What is left when something goes wrong half way, and that the next run puts it right."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.loom import Loom

GENERATOR = "results/train/baseline/boris+chen.pt"


@pytest.fixture
def slow(bare: Loom) -> Loom:
    """A working copy where all is ready for a training, which will wait to be let go."""
    bare.snakemake("--until", "curate")
    bare.stand_in("slow")
    return bare


def begun(loom: Loom, **environment: str) -> subprocess.Popen[bytes]:
    """A run whose training is under way."""
    run = subprocess.Popen(
        ["snakemake", "--quiet", "all", "--", GENERATOR],
        cwd=loom.folder,
        env={**loom.environment, **environment},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored under nohup
    )
    until(lambda: list(loom.folder.glob("results/train/**/*.part")))
    return run


def test_one_bad_clip_holds_up_nobody_else(bare: Loom) -> None:
    bare.write("data/chen_as_boris.mp4", "")  # the truth of one of two swaps
    said = bare.run("snakemake")
    assert said.returncode == 1
    last = said.stdout.rpartition("\n\n")[2].splitlines()[0]
    assert last.endswith("chen_as_boris.log: extract: data/chen_as_boris.mp4: nothing in it")
    assert len(list(bare.folder.glob("results/evaluate/*/boris_chen.parquet"))) == 4
    assert bare.todo() == {"extract": 1, "evaluate": 4, "control": 2, "compare": 1}

    bare.write("data/chen_as_boris.mp4", "something\n")
    bare.snakemake()
    assert bare.todo() == {}


def test_a_killed_run_leaves_no_lock_and_no_job_behind(slow: Loom) -> None:
    run = begun(slow, SLOW_SAYS="by the dead\n")
    (job,) = jobs(run.pid)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert list(slow.folder.glob(".snakemake/locks/*"))  # they say nothing of who holds them

    slow.write("go", "")  # for the job left behind, too
    slow.environment["SLOW_SAYS"] = "by the living\n"
    slow.snakemake(GENERATOR)
    until(lambda: not Path(f"/proc/{job}").exists())
    assert (slow.folder / GENERATOR).read_text() == "by the living\n"
    assert not list(slow.folder.glob("results/**/*.part"))
    assert slow.todo(GENERATOR) == {}


def test_a_living_run_keeps_its_lock(slow: Loom) -> None:
    run = begun(slow)
    said = slow.run("snakemake", GENERATOR)
    assert said.returncode == 1
    assert "LockException" in said.stdout
    assert slow.todo(GENERATOR)  # to look does no harm
    assert list(slow.folder.glob("results/train/**/*.part"))
    slow.write("go", "")
    assert run.wait(timeout=60) == 0
    assert slow.todo(GENERATOR) == {}


def test_a_run_that_is_interrupted_ends_its_jobs(slow: Loom) -> None:
    run = begun(slow)
    (job,) = jobs(run.pid)
    os.killpg(run.pid, signal.SIGINT)  # as Ctrl-C does
    assert run.wait(timeout=60) != 0
    until(lambda: not Path(f"/proc/{job}").exists())
    assert not (slow.folder / GENERATOR).exists()
    slow.write("go", "")
    slow.snakemake(GENERATOR)


def jobs(run: int) -> list[int]:
    """The trainings that a run has under way."""
    every = [pid for child in children(run) for pid in (child, *children(child))]
    return [pid for pid in every if b"slow/faceloom\0train" in command(pid)]


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
