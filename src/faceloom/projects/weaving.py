"""What Snakemake says of a project: what would be made, why, and what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import FaceloomError
from .place import home


@dataclass(frozen=True)
class Job:
    """A job that would run: which rule, what it makes, why, and where its times are kept."""

    rule: str
    outputs: tuple[str, ...]
    reason: str
    benchmark: str


@dataclass(frozen=True)
class Made:
    """A file that some job makes: its rule, whether it is there, and whether it is to be made."""

    path: str
    rule: str
    there: bool
    due: bool


def snakemake(*words: str) -> str:
    """What Snakemake answers in the project that is worked in.

    Raises:
        FaceloomError: with its last word, where it refuses.
    """
    snakefile = str(home() / "Snakefile")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--snakefile", snakefile, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FaceloomError(last_word(done.stderr + done.stdout))
    return done.stdout + done.stderr


def last_word(said: str) -> str:
    """The line that says why."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [at for at, line in enumerate(lines) if re.match(r"\w+(Error|Exception)\b", line)]
    return " ".join(lines[errors[-1] :][:3]) if errors else (lines or ["no word of why"])[-1]


def jobs(files: Iterable[str] = ()) -> list[Job]:
    """The jobs that would run for these files; for everything, where none is named."""
    return list(parsed(snakemake("--dry-run", "--", *files)))


def parsed(said: str) -> Iterator[Job]:
    """The jobs of a dry run."""
    for block in re.split(r"^\[.*\]$", said, flags=re.MULTILINE)[1:]:
        rule = re.search(r"^(?:local)?rule (\w+):", block, re.MULTILINE)
        facts = dict(re.findall(r"^    (\w+): (.*)$", block, re.MULTILINE))
        if rule and "output" in facts:
            yield Job(
                rule[1],
                tuple(facts["output"].split(", ")),
                facts.get("reason", ""),
                facts.get("benchmark", ""),
            )


def everything() -> list[Made]:
    """Every file that the config asks for, the finished ones included."""
    rows = [line.split("\t") for line in snakemake("--summary").splitlines()]
    return [
        Made(row[0], row[2], Path(row[0]).exists(), row[-1] == "update pending")
        for row in rows
        if len(row) == 6 and row[0] != "output_file"
    ]
