"""A hundred times the faces need hardly more memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "benchmarks/memory.py"


@pytest.mark.slow
def test_memory_hardly_grows_with_the_number_of_faces() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    name, figure = done.stdout.splitlines()[-1].split(": ")
    assert name == "memory_ratio"
    assert float(figure) < 1.1
