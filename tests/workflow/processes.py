"""Which processes there are: whose children they are, what they do, and where."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

GONE = (FileNotFoundError, ProcessLookupError)


def jobs(run: int, verb: str = "train") -> list[int]:
    """The commands of a verb that a run has under way."""
    return [pid for pid in below(run) if f"faceloom\0{verb}".encode() in command(pid)]


def below(process: int) -> Iterator[int]:
    """All that a process has begun, and what that has begun."""
    for child in children(process):
        yield child
        yield from below(child)


def children(process: int) -> list[int]:
    with suppress(*GONE):
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]
    return []


def command(process: int) -> bytes:
    with suppress(*GONE):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def inside(folder: Path) -> list[int]:
    """Processes that work in a folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(*GONE, PermissionError):
            if place.readlink().is_relative_to(folder):
                found.append(int(place.parent.name))
    return found


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def ended(process: int) -> None:
    """Wait for its end."""
    until(lambda: not command(process))


def ctrl_c_heeded() -> None:
    """For a child: nohup has its children ignore Ctrl-C, and they their own."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
