"""A copy of the project in a folder of its own, woven once and then handed to every test afresh.

The plan is what these tests are about: which jobs there are, and which run again. Snakemake, the
rules, the settings and the digests are the real ones; only what a job computes is not, since it
cannot change which jobs there are (no rule looks into a file to decide). So ``faceloom`` is a
stand-in that writes a few bytes to each file it is asked for, and a whole weave takes seconds.
test_end_to_end.py runs the real commands.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workflow.loom import Loom, copied, once


@pytest.fixture
def bare(tmp_path: Path) -> Loom:
    """A working copy where nothing has run."""
    return copied(tmp_path / "loom")


@pytest.fixture(scope="session")
def woven(tmp_path_factory: pytest.TempPathFactory) -> Loom:
    """A working copy where everything has run; not to be changed."""
    return once(tmp_path_factory, "woven", lambda folder: copied(folder).snakemake())


@pytest.fixture
def loom(woven: Loom, tmp_path: Path) -> Loom:
    """A working copy where everything has run."""
    return Loom(shutil.copytree(woven.folder, tmp_path / "loom", symlinks=True))
