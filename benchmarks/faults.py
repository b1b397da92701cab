"""Whether anything is lost: python benchmarks/faults.py [--seed 1] [--rounds 10] [--quick]

A little project with the real commands, from four clips of 16 frames to the report, is disturbed
in every round: a fault of the list below, at a moment drawn by the seed. Then one plain `./run`,
and everything under `results` is held against an undisturbed run's: weights, columns, frames, and
the bytes of all else. What a disturbed run has told of what there was (report.partial.html) is not
a result.

    losses            rounds whose plain run failed, or lacked a file
    unequal_results   files that are not as they should be
    orphans           processes that are still there after the plain run
    halves            files that end in .part, or lie about in the temporary folder, at the end

Where a fault is one of train, convert or blend, all that comes before curate's end is made already.
A disk of its own needs root; where that is not to be had, the fault is left out and said so.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGINT

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from alike import unlike  # noqa: E402
from workflow.broken import TOLD, bounded, full, may_mount, mortal, mounted  # noqa: E402
from workflow.little import small  # noqa: E402
from workflow.loom import Loom  # noqa: E402
from workflow.processes import below, command, ctrl_c_heeded, inside, jobs, kill  # noqa: E402
from workflow.test_run import set_up  # noqa: E402

VERBS = ("train", "convert", "blend")
FAULTS = [
    *(f"kill -9 of the job, in {verb}" for verb in VERBS),
    *(f"kill -9 of snakemake, in {verb}" for verb in VERBS),
    "ulimit -f",
    "full disk",
    "no permission",
    "Ctrl-C",
]
PATIENCE = 3600  # seconds for a run to end
LINE = "{:<32} {:<28} {:>6} {:>7} {:>6} {:>4} {:>7}"


@dataclass
class Round:
    """What came of it."""

    fault: str
    moment: str
    status: int
    orphans: int = 0
    halves: int = 0
    lost: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)


@dataclass
class Bench:
    """What rounds begin from and are held against."""

    folder: Path
    bare: Path  # nothing has run
    prepared: Path  # all up to curate
    whole: Path  # everything
    seconds: float  # that it took
    draws: random.Random


def main() -> None:
    """Disturb, and print a table and the numbers."""
    words = argparse.ArgumentParser()
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--rounds", type=int, default=10)
    words.add_argument("--quick", action="store_true", help="two rounds")
    said = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        bench = woven(Path(folder), random.Random(said.seed))
        print(f"undisturbed, in two runs: {bench.seconds:.0f} s\n")
        print(LINE.format("fault", "moment", "status", "orphans", "halves", "lost", "unequal"))
        rounds = []
        for number, fault in enumerate(drawn(bench, 2 if said.quick else said.rounds)):
            rounds.append(one := disturbed(bench, fault, number))
            counts = (one.status, one.orphans, one.halves, len(one.lost), len(one.unequal))
            print(LINE.format(one.fault, one.moment, *counts), flush=True)
            for name in (*one.lost, *one.unequal):
                print(f"    {name}")
    sums = {
        "orphans": sum(each.orphans for each in rounds),
        "halves": sum(each.halves for each in rounds),
        "losses": sum(bool(each.lost) for each in rounds),
        "unequal_results": sum(len(each.unequal) for each in rounds),
    }
    print(f"\nrounds: {len(rounds)}", *(f"{name}: {n}" for name, n in sums.items()), sep="\n")
    sys.exit(any(sums.values()))


def drawn(bench: Bench, rounds: int) -> list[str]:
    """Faults by chance, none twice before all have been."""
    faults = list(FAULTS)
    if not may_mount():
        faults.remove("full disk")
        print("no disk of its own to be had: full disk is left out")
    return [
        fault
        for _ in range(0, rounds, len(faults))
        for fault in bench.draws.sample(faults, len(faults))
    ][:rounds]


def woven(folder: Path, draws: random.Random) -> Bench:
    """The project as it is, up to curate, and whole."""
    bare = with_program(small(folder / "bare"))
    begun = time.monotonic()
    prepared = copied(bare.folder, folder / "prepared")
    plainly(prepared, "--until", "curate")
    whole = copied(prepared.folder, folder / "whole")
    plainly(whole)
    seconds = time.monotonic() - begun
    return Bench(folder, bare.folder, prepared.folder, whole.folder, seconds, draws)


def with_program(loom: Loom) -> Loom:
    """Set up for ./run, with the real command."""
    shutil.copytree(PROJECT / "tests/workflow/stand_in", loom.folder / "stand_in")
    set_up(loom)
    link = loom.folder / ".venv/bin/faceloom"
    link.unlink()
    link.symlink_to(Path(sys.executable).parent / "faceloom")
    return loom


def copied(project: Path, place: Path) -> Loom:
    """A project in another place; what tells that it is set up names its place."""
    loom = Loom(shutil.copytree(project, place, symlinks=True))
    stamp = loom.folder / ".venv/.stamp"
    stamp.write_text(stamp.read_text().replace(str(project), str(place)))
    (loom.folder / "tmp").mkdir(exist_ok=True)
    loom.environment["TMPDIR"] = str(loom.folder / "tmp")
    return loom


def plainly(loom: Loom, *words: str) -> None:
    """One plain run, which must succeed."""
    done = loom.run("./run", *words)
    if done.returncode:
        sys.exit(done.stdout)


def begun(loom: Loom, before: Callable[[], None] = ctrl_c_heeded) -> subprocess.Popen[bytes]:
    """A run under way, in a session of its own as under a terminal."""
    return subprocess.Popen(
        ["./run"],
        cwd=loom.folder,
        env=loom.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=before,
    )


def disturbed(bench: Bench, fault: str, number: int) -> Round:
    """A round: the fault, a plain run, and what there is then.

    A run that ends well all the same was over before the fault: once more, half as late.
    """
    late = bench.draws.random()
    start = bench.prepared if fault.endswith(VERBS) else bench.bare
    while True:
        with ExitStack() as stack:
            place = bench.folder / f"round{number}-{late:.9f}"
            if fault == "full disk":
                place = stack.enter_context(mounted(place, "256m")) / "project"
            loom = copied(start, place)
            status, moment = struck(bench, loom, fault, late)
            if status:
                return put_right(bench, loom, Round(fault, moment, status))
        late /= 2


def put_right(bench: Bench, loom: Loom, one: Round) -> Round:
    """A plain run, and what there is then."""
    done = loom.run("./run")  # at once: jobs that the other left may be there still
    lost, unequal = compared(bench.whole / "results", loom.folder / "results")
    if done.returncode:
        lost.append(f"./run: {done.returncode}: {done.stdout[-500:]}")
    halves = [*loom.folder.rglob("*.part"), *loom.folder.glob("tmp/faceloom-*")]
    return replace(
        one, orphans=len(inside(loom.folder)), halves=len(halves), lost=lost, unequal=unequal
    )


def struck(bench: Bench, loom: Loom, fault: str, late: float) -> tuple[int, str]:
    """Begin a run and disturb it so late, 0 to 1; its exit status, and when or how it was."""
    if fault.endswith(VERBS):
        verb = fault.rpartition(" ")[2]
        moment = late * shortest(bench, verb)
        return at_verb(loom, fault, verb, moment), f"{moment:.2f} s after its start"
    if fault == "ulimit -f":
        limit = 1000 + int(late * (max(sizes(bench.whole)) - 1000))
        return begun(loom, bounded(limit)).wait(PATIENCE), f"{limit} bytes"
    if fault == "full disk":
        room = 10_000 + int(late * sum(sizes(bench.whole)))
        with full(loom.folder, room):
            return begun(loom).wait(PATIENCE), f"{room} bytes left"
    moment = 2 + late * bench.seconds  # to begin with, Snakemake is being loaded
    if fault == "no permission":
        return without_permission(loom, moment), f"{moment:.1f} s after its start"
    times = bench.draws.choice([1, 2])
    return interrupted(loom, times, moment), f"{times} times, after {moment:.1f} s"


def at_verb(loom: Loom, fault: str, verb: str, moment: float) -> int:
    """Kill a job of the verb, or Snakemake, so many seconds after such a job has begun."""
    run = begun(loom)
    while not (found := jobs(run.pid, verb)) and run.poll() is None:
        time.sleep(0.02)
    time.sleep(moment)
    target = found[0] if "the job" in fault else weaver(run.pid)
    if target and command(target):
        kill(target)
    return run.wait(PATIENCE)


def without_permission(loom: Loom, moment: float) -> int:
    """Take the right to write away, so many seconds after the run has begun."""
    run = begun(loom, mortal)
    time.sleep(moment)
    while not (loom.folder / "results").exists() and run.poll() is None:
        time.sleep(0.1)
    with forbidden(loom.folder / "results"):
        return run.wait(PATIENCE)


def interrupted(loom: Loom, times: int, moment: float) -> int:
    """Press Ctrl-C, so many seconds after the run has begun."""
    run = begun(loom)
    time.sleep(moment)
    for _ in range(times):
        if run.poll() is None:
            os.killpg(run.pid, SIGINT)
        time.sleep(0.2)
    return run.wait(PATIENCE)


@contextmanager
def forbidden(folder: Path) -> Iterator[None]:
    """Nothing new may be put in a folder, nor in those in it; what is open there goes on."""
    places = [folder, *(path for path in folder.iterdir() if path.is_dir())]
    for path in filter(Path.exists, places):
        path.chmod(0o555)
    yield
    for path in filter(Path.exists, places):
        path.chmod(0o755)


def weaver(run: int) -> int | None:
    """Snakemake, below ./run."""
    found = (pid for pid in below(run) if b"/snakemake\0" in command(pid) + b"\0")
    return next(found, None)


def shortest(bench: Bench, verb: str) -> float:
    """How long a job of the verb took at least, undisturbed; seconds."""
    notes = (bench.whole / "logs/benchmarks" / verb).rglob("*.tsv")
    records = [note.read_text().splitlines()[1] for note in notes]
    return min((float(record.split("\t")[0]) for record in records), default=1)


def sizes(project: Path) -> list[int]:
    """How large the results are; bytes."""
    return [path.stat().st_size for path in (project / "results").rglob("*") if path.is_file()]


def compared(should: Path, have: Path) -> tuple[list[str], list[str]]:
    """The results that are not there, and those that are other ones."""
    wanted, found = names(should), names(have)
    unequal = [name for name in wanted & found if unlike(should / name, have / name)]
    return sorted(wanted - found), sorted([*unequal, *(found - wanted)])


def names(results: Path) -> set[str]:
    """Every result, by its path."""
    every = (path.relative_to(results) for path in results.rglob("*") if path.is_file())
    return {str(path) for path in every if not str(path).startswith(TOLD)}


if __name__ == "__main__":
    main()
