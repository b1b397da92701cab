"""A working copy of the project, with a stand-in for the commands; see conftest.py."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
PARTS = ["Snakefile", "rules", "workflow", "profiles", "envs", "src", "dvc.yaml", ".dvcignore"]
MADE = shutil.ignore_patterns("*.egg-info")  # what is compiled stays so, as copies keep their times
WRITTEN = b'{"schema": 1}\n'  # by the stand-in

CLIPS = """\
clip	path	people	use
boris_learn	data/boris_learn.mp4	boris	learn
chen_learn	data/chen_learn.mp4	chen	learn
dana_learn	data/dana_learn.mp4	dana	learn
boris	data/boris.mp4	boris	judge
chen	data/chen.mp4	chen	judge
duet	data/duet.mp4	boris+chen	judge
boris_as_chen	data/boris_as_chen.mp4	boris	truth
chen_as_boris	data/chen_as_boris.mp4	chen	truth
"""
PEOPLE = """\
person	basis	scope	expires	evidence
boris	synthetic	host, donor, training		rendered
chen	synthetic	host, donor, training		rendered
dana	synthetic	host, donor, training		rendered
"""
CONFIG: dict[str, Any] = {
    "licences": ["CC0-1.0", "MIT", "Apache-2.0"],
    "swaps": {
        "boris_chen": {"clip": "boris", "faces": "chen", "truth": "boris_as_chen"},
        "chen_boris": {"clip": "chen", "faces": "boris", "truth": "chen_as_boris"},
    },
    "casts": {"everyone": {"people": ["boris", "chen", "dana"]}},
    "variants": {
        "baseline": {"why": "It has to start somewhere."},
        "faster": {"train": {"rate": 0.001}},
        "sharp": {"like": "faster", "refine": ["sharpen"]},
        "composite": {"convert": {"kind": "composite"}},
    },
}


class Loom:
    """A working copy, and what Snakemake says of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
        self.environment.pop("FACELOOM_RUN", None)
        self.stand_in("stand_in")

    def stand_in(self, name: str) -> None:
        """Take the commands in that folder of the copy before all others."""
        self.environment["PATH"] = f"{self.folder / name}:{os.environ['PATH']}"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Any command, in the working copy; what it says on both channels is in stdout."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )

    def snakemake(self, *options: str) -> str:
        """What Snakemake says where it succeeds."""
        done = self.run("snakemake", *options)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def todo(self, *options: str) -> Counter[str]:
        """How often each rule would run now."""
        jobs = re.findall(r"^(?:local)?rule (\w+):", self.snakemake("--dry-run", *options), re.M)
        return Counter(jobs) - Counter(all=1)

    def files(self, *options: str) -> dict[str, list[str]]:
        """The files that each job would make now, and from which."""
        said = self.snakemake("--dry-run", *options)
        jobs = re.findall(r"^    input: (.*)\n    output: (.*)", said, re.M)
        return {made: read.split(", ") for read, made in jobs}

    def write(self, path: str, text: str) -> None:
        """A file of the working copy, its folders made as needed."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def edit(self, path: str, change: Callable[[str], str]) -> None:
        """A file of the working copy as the change has it, which must be one."""
        before = (self.folder / path).read_text()
        assert change(before) != before
        (self.folder / path).write_text(change(before))

    def configure(self, **said: Any) -> None:
        """Other variants, or other entries at the top of the config; None takes a variant out."""
        config = yaml.safe_load((self.folder / "config.yaml").read_text())
        for name, value in said.items():
            where = config if name in ("swaps", "casts", "licences") else config["variants"]
            where[name] = value
        every = config["variants"].items()
        config["variants"] = {name: value for name, value in every if value is not None}
        self.write("config.yaml", yaml.safe_dump(config, sort_keys=False))


def copied(folder: Path) -> Loom:
    """A working copy where nothing has run; its clips and its sheets are of a few bytes."""
    folder.mkdir()
    for part in PARTS:
        if (PROJECT / part).is_dir():
            shutil.copytree(PROJECT / part, folder / part, ignore=MADE)
        elif (PROJECT / part).exists():
            shutil.copy(PROJECT / part, folder / part)
    for name in ("stand_in", "slow"):
        shutil.copytree(PROJECT / "tests/workflow" / name, folder / name)
    loom = Loom(folder)
    loom.write("config.yaml", yaml.safe_dump(CONFIG, sort_keys=False))
    loom.write("data/clips.tsv", CLIPS)
    loom.write("data/people.tsv", PEOPLE)
    for row in CLIPS.splitlines()[1:]:
        path = row.split("\t")[1]
        loom.write(path, f"in place of {path}\n")
    digest = hashlib.sha256(WRITTEN).hexdigest()
    loom.edit("workflow/weights.tsv", lambda text: re.sub(r"\b[0-9a-f]{64}\b", digest, text))
    return loom


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Loom:
    """A working copy that is made once for all test processes; not to be changed."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return Loom(folder)
