"""Nothing is lost: after whatever went wrong, one plain ./run ends with what there would have been.

What jobs compute is by stand-ins here; test_faults_for_real.py disturbs the real commands.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGINT

import pytest

from workflow.broken import bounded, files, full, may_mount, mortal, mounted
from workflow.loom import Loom, copied, once
from workflow.processes import ctrl_c_heeded, ended, inside, jobs, kill, until
from workflow.test_run import run, set_up

LATER = ["train", "convert", "blend", "evaluate", "compare"]
MADE = {
    "train": "results/train/baseline/boris+chen.pt",
    "convert": "results/convert/baseline/boris_chen.parquet",
    "blend": "results/blend/baseline/boris_chen.mp4",
}


def few(folder: Path) -> None:
    """One swap by one variant, woven."""
    loom = copied(folder)
    swap = {"clip": "boris", "faces": "chen", "truth": "boris_as_chen"}
    loom.configure(swaps={"boris_chen": swap}, casts={}, faster=None, sharp=None, composite=None)
    loom.snakemake()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Loom:
    """A working copy where everything has run; not to be changed."""
    return once(tmp_path_factory, "undisturbed", few)


@pytest.fixture
def ready(undisturbed: Loom, tmp_path: Path) -> Loom:
    """A working copy where everything has run, set up for ./run."""
    return set_up(Loom(shutil.copytree(undisturbed.folder, tmp_path / "loom", symlinks=True)))


def undo(loom: Loom, verb: str) -> None:
    """Take away what a verb and all after it have made."""
    (loom.folder / "results/report.html").unlink(missing_ok=True)
    for each in LATER[LATER.index(verb) :]:
        shutil.rmtree(loom.folder / "results" / each, ignore_errors=True)


def command(loom: Loom, folder: str) -> None:
    """Put another program in the place of the command."""
    link = loom.folder / ".venv/bin/faceloom"
    link.unlink()
    link.symlink_to(loom.folder / folder / "faceloom")


def begun(loom: Loom, verb: str, program: str = "snakemake") -> subprocess.Popen[bytes]:
    """A run that is at that verb, its output half written."""
    undo(loom, verb)
    command(loom, "slow")
    under_way = subprocess.Popen(
        [program, "--", MADE[verb]],
        cwd=loom.folder,
        env={
            **loom.environment,
            "PATH": f"{loom.folder / '.venv/bin'}:{loom.environment['PATH']}",
            "SLOW": verb,
            "SLOW_SAYS": "by the dead\n",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=ctrl_c_heeded,
    )
    until(lambda: list((loom.folder / "results" / verb).rglob("*.part")))
    return under_way


def put_right(loom: Loom, undisturbed: Loom) -> None:
    """One plain run, and all is as if nothing had been."""
    command(loom, "stand_in")
    done = run(loom)
    assert done.returncode == 0, done.stderr
    assert files(loom.folder) == files(undisturbed.folder)
    assert not inside(loom.folder)


def test_killed_jobs(ready: Loom, undisturbed: Loom) -> None:
    for verb in MADE:  # each run gets past where the one before it was disturbed
        disturbed = begun(ready, verb)
        (job,) = jobs(disturbed.pid, verb)
        kill(job)
        assert disturbed.wait(timeout=60) == 1
        assert not (ready.folder / MADE[verb]).exists()
        assert not inside(ready.folder)
    put_right(ready, undisturbed)


def test_killed_runs_leave_no_lock_and_no_job_behind(ready: Loom, undisturbed: Loom) -> None:
    for verb in MADE:
        disturbed = begun(ready, verb)
        (job,) = jobs(disturbed.pid, verb)
        kill(disturbed.pid)
        ready.write("go", "")  # for the job, which would go on; nobody asks yet how its run ended
        ended(job)
        assert disturbed.wait() == -9
        assert not (ready.folder / MADE[verb]).exists()
        assert list(ready.folder.glob(".snakemake/locks/*"))  # they say nothing of who holds them
        (ready.folder / "go").unlink()
    put_right(ready, undisturbed)


def test_ctrl_c_once_and_twice(ready: Loom, undisturbed: Loom) -> None:
    for times in (1, 2):
        disturbed = begun(ready, "train", "./run")
        (job,) = jobs(disturbed.pid)
        for _ in range(times):
            os.killpg(disturbed.pid, SIGINT)
            time.sleep(0.1)
        assert disturbed.wait(timeout=60) == 130
        ended(job)
        assert not (ready.folder / "results/report.partial.html").exists()  # nobody waits for it
        assert not (ready.folder / MADE["train"]).exists()
    put_right(ready, undisturbed)


def weave(loom: Loom, before: Callable[[], None]) -> "subprocess.CompletedProcess[str]":
    """A run in a process that is prepared like that; all that it says is in stdout."""
    return subprocess.run(
        ["./run"],
        cwd=loom.folder,
        env=loom.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=before,
    )


def test_what_may_not_be_written(ready: Loom, undisturbed: Loom) -> None:
    undo(ready, "blend")
    for place in ("results", ".snakemake"):
        (ready.folder / place).chmod(0o555)
        disturbed = weave(ready, mortal)
        (ready.folder / place).chmod(0o755)
        assert disturbed.returncode == 1, disturbed.stdout
        assert "Permission denied" in disturbed.stdout
    put_right(ready, undisturbed)


def test_files_may_not_grow(ready: Loom, undisturbed: Loom) -> None:
    undo(ready, "convert")
    disturbed = weave(ready, bounded(2000))  # less than Snakemake notes of a job
    assert disturbed.returncode == 1
    put_right(ready, undisturbed)


@pytest.fixture
def narrow(undisturbed: Loom, tmp_path: Path) -> Iterator[Loom]:
    """A working copy on a disk of its own, which has not much room."""
    if not may_mount():
        pytest.skip("a disk of its own needs root, and leave to mount")
    with mounted(tmp_path / "disk", "64m") as disk:
        yield set_up(Loom(shutil.copytree(undisturbed.folder, disk / "loom", symlinks=True)))


def test_a_full_disk(narrow: Loom, undisturbed: Loom) -> None:
    undo(narrow, "train")
    with full(narrow.folder, room=80_000):  # for some of the jobs
        disturbed = weave(narrow, lambda: None)
    assert disturbed.returncode == 1
    assert "No space left" in disturbed.stdout
    put_right(narrow, undisturbed)
