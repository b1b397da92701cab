"""Commands as the workflow runs them: each in a process of its own, or in this one."""

import logging
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from faceloom import cli


def command(verb: str, **given: Any) -> "subprocess.CompletedProcess[str]":
    """Run `faceloom VERB --name value ...`; a tuple is many values, a form is its JSON."""
    return subprocess.run(
        line(verb, given), capture_output=True, text=True, check=False, env=environment()
    )


def answered(verb: str, **given: Any) -> "subprocess.CompletedProcess[str]":
    """What the same command answers in this process; what is printed by no Python is not heard."""
    words, said, told = line(verb, given)[3:], StringIO(), StringIO()
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []  # else the command would not speak for itself
    level = logging.getLogger("faceloom").level
    try:
        with redirect_stdout(said), redirect_stderr(told):
            status = status_of(words)
    finally:
        root.handlers = handlers
        logging.getLogger("faceloom").setLevel(level)
    return subprocess.CompletedProcess(words, status, said.getvalue(), told.getvalue())


def status_of(words: list[str]) -> int:
    """How a command ends."""
    try:
        return cli.answer(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


def started(verb: str, **given: Any) -> "subprocess.Popen[bytes]":
    """The same, not waited for; what it says is not heard."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(line(verb, given), stdout=quiet, stderr=quiet, env=environment())


def line(verb: str, given: dict[str, Any]) -> list[str]:
    """The words of a command."""
    words = [sys.executable, "-m", "faceloom", verb]
    for name, value in given.items():
        values = value if isinstance(value, tuple) else (value,)
        words += [f"--{name.replace('_', '-')}", *map(word, values)]
    return words


def environment() -> dict[str, str]:
    """One thread for each."""
    return os.environ | {"OMP_NUM_THREADS": "1"}


def word(value: Any) -> str:
    """A value as a word of the command line."""
    return value.model_dump_json(exclude_none=True) if isinstance(value, BaseModel) else str(value)


def refused(done: "subprocess.CompletedProcess[str]", because: str, left: Path) -> None:
    """Assert that a command said why in one line, with status 2, and left nothing behind."""
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (2, 1), done.stderr
    assert because in lines[0], lines
    assert not left.exists()
