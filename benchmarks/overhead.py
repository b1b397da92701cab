"""What the workflow costs beyond the work: python benchmarks/overhead.py [--quick]

The demo is woven in a folder of its own by stand-in commands, which write a few bytes for each
file: so all that takes time is Snakemake, the plan and the shell. On the finished weave,
`snakemake -n` and the same on an empty Snakefile take turns, so that other work on the machine
slows both alike; medians are compared.

seconds_outside_computation is that weave's time, and for every job of the demo the start of its
command (Python, imports), measured by asking each command for its help: in seconds of CPU, which
other work on the machine hardly changes. Two jobs at a time halve them on the clock.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from workflow.loom import Loom, copied  # noqa: E402


def main() -> None:
    """Measure, and print a table and the three numbers."""
    rounds = 5 if "--quick" in sys.argv[1:] else 15
    with tempfile.TemporaryDirectory() as folder:
        demo, empty = finished(Path(folder) / "demo"), nothing(Path(folder) / "empty")
        jobs = counted(demo)
        weaving = seconds(["snakemake", "--forceall", "--quiet", "all"], demo)
        command = ["snakemake", "--dry-run"]
        pairs = [(seconds(command, demo), seconds(command, empty)) for _ in range(rounds)]
        ours, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
        starts = {verb: start(verb, demo) for verb in jobs}
    starting = sum(number * starts[verb] for verb, number in jobs.items())
    print(f"{'job':<10} {'number':>6} {'start, s of CPU':>16}")
    for verb, number in jobs.items():
        print(f"{verb:<10} {number:>6} {starts[verb]:>16.2f}")
    print(f"\n{'':<34} {'median, s':>9}   ({rounds} rounds, in turns)")
    print(f"{'snakemake -n, finished demo':<34} {ours:>9.2f}")
    print(f"{'snakemake -n, empty Snakefile':<34} {theirs:>9.2f}")
    print(f"{'all jobs by stand-ins':<34} {weaving:>9.2f}   (once)")
    print(f"{'starts of all commands, in sum':<34} {starting:>9.2f}")
    print(f"\ndry_run_seconds_beyond_snakemake: {ours - theirs:.2f}")
    print(f"demo_jobs: {sum(jobs.values())}")
    print(f"seconds_outside_computation: {weaving + starting:.1f}")


def finished(folder: Path) -> Loom:
    """The demo, woven by stand-ins."""
    loom = copied(folder)
    shutil.copy(PROJECT / "config.yaml", folder / "config.yaml")
    shutil.copytree(PROJECT / "data", folder / "data", dirs_exist_ok=True)
    loom.snakemake()
    return loom


def nothing(folder: Path) -> Loom:
    """A workflow without a job."""
    folder.mkdir()
    (folder / "Snakefile").write_text("rule all:\n")
    return Loom(folder)


def counted(demo: Loom) -> dict[str, int]:
    """How many jobs of each command there are."""
    said = demo.snakemake("--dry-run", "--forceall")
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", said, re.MULTILINE))
    jobs = {rule: int(number) for rule, number in jobs.items() if rule not in ("all", "total")}
    jobs["evaluate"] = jobs.pop("control", 0) + jobs["evaluate"]  # the same command
    return jobs


def start(verb: str, demo: Loom) -> float:
    """How long a command takes to begin, without the stand-in in its way; the best of three."""
    real = Loom(demo.folder)
    real.environment["PATH"] = os.environ["PATH"]
    return min(computed(["faceloom", verb, "--help"], real) for _ in range(3))


def seconds(command: list[str], loom: Loom) -> float:
    """How long a command takes, which must succeed."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=loom.folder, env=loom.environment, capture_output=True, check=True)
    return time.perf_counter() - begun


def computed(command: list[str], loom: Loom) -> float:
    """How much CPU it takes."""
    before = os.times()
    seconds(command, loom)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


if __name__ == "__main__":
    main()
