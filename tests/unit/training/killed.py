"""Trains in child processes and kills them; run as a program by test_killed.py.

usage: killed.py FOLDER tiny|autos|players|cycles SEED...

Leaves FOLDER/undisturbed.pt and FOLDER/SEED.pt, and prints for each seed the step that the
training went on from afterwards.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent))
import autos
import cycles
import players
import tiny

from faceloom.training import loop
from faceloom.training.state import load

Trained = Callable[..., tuple[Any, Any]]
HOW: dict[str, tuple[Trained, int, int]] = {  # with how many steps, told how often
    "tiny": (tiny.trained, 40, 10),
    "autos": (autos.trained, autos.STEPS, 3),
    "players": (players.trained, players.STEPS, 3),
    "cycles": (cycles.trained, cycles.STEPS, 4),
}


def child(folder: Path, name: str, kind: str, pipe: int) -> None:
    """Train to the end, a byte into the pipe at every report of progress."""
    trained, steps, loop.EVERY = HOW[kind]
    generator, history = trained(
        folder / f"{name}.resume", steps=steps, progress=lambda _: told(pipe)
    )
    rows = [tuple(row) for row in history.rows]
    torch.save({"weights": generator.state_dict(), "rows": rows}, folder / f"{name}.pt")


def told(pipe: int) -> None:
    """A byte for the parent."""
    os.write(pipe, b".")


def run(folder: Path, name: str, kind: str, reports: int | None, delay: float = 0) -> int:
    """The child's exit; killed so many reports and seconds after it began, unless None."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        child(folder, name, kind, writer)
        os._exit(0)
    os.close(writer)
    if reports is not None:
        for _ in range(reports):
            os.read(reader, 1)
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    os.close(reader)
    return os.waitstatus_to_exitcode(status)


def main(folder: Path, kind: str, seeds: list[str]) -> None:
    """Once undisturbed; then for each seed a kill, and to the end."""
    torch.set_num_threads(1)
    torch.optim.Adam([torch.zeros(1)])  # imports for a second, once here and not in each child
    assert run(folder, "undisturbed", kind, None) == 0
    for seed in seeds:
        draws = random.Random(int(seed))
        code = run(folder, seed, kind, draws.randint(1, 3), draws.uniform(0, 0.05))
        assert code == -signal.SIGKILL, f"not killed: {code}"
        state = load(folder / f"{seed}.resume", kind)
        print(state.step if state else 0)
        assert run(folder, seed, kind, None) == 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
