"""Disks without room, folders that may not be written, and what a project's results are."""

import ctypes
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

DROP = 24  # PR_CAPBSET_DROP of <linux/prctl.h>
OVERRIDE, SEARCH = 1, 2  # what lets root write anywhere: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
TOLD = ("report.partial.html", "compare/partial/")  # over what there was, when something failed


def files(folder: Path) -> dict[str, bytes]:
    """Everything under results, but what a disturbed run has told."""
    results = folder / "results"
    every = {str(path.relative_to(results)): path for path in results.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in every.items() if not name.startswith(TOLD)}


@contextmanager
def mounted(place: Path, size: str) -> Iterator[Path]:
    """A disk of that size."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@cache
def may_mount() -> bool:
    """Whether there are such disks: it needs root, and leave to mount."""
    with TemporaryDirectory() as folder:
        try:
            with mounted(Path(folder) / "disk", "1m"):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


@contextmanager
def full(folder: Path, room: int) -> Iterator[None]:
    """A disk that has only so many bytes left."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(folder).free - room))
    yield
    filler.unlink()


def bounded(size: int) -> Callable[[], None]:
    """For a child: its files may have only so many bytes, as by ulimit -f."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def mortal() -> None:
    """For a child: give up what lets root write anywhere."""
    if os.geteuid() == 0:
        for capability in (OVERRIDE, SEARCH):
            ctypes.CDLL(None).prctl(DROP, capability, 0, 0, 0)
