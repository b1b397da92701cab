"""What is left when something goes wrong half way, and that the next run puts it right."""

import subprocess

import pytest

from workflow.loom import Loom
from workflow.processes import until

GENERATOR = "results/train/baseline/boris+chen.pt"


@pytest.fixture
def slow(bare: Loom) -> Loom:
    """A working copy where all is ready for a training, which will wait to be let go."""
    bare.snakemake("--until", "curate")
    bare.stand_in("slow")
    return bare


def begun(loom: Loom) -> subprocess.Popen[bytes]:
    """A run whose training is under way."""
    run = subprocess.Popen(
        ["snakemake", "--quiet", "all", "--", GENERATOR], cwd=loom.folder, env=loom.environment
    )
    until(lambda: list(loom.folder.glob("results/train/**/*.part")))
    return run


def test_one_bad_clip_holds_up_nobody_else(bare: Loom) -> None:
    bare.write("data/chen_as_boris.mp4", "")  # the truth of one of two swaps
    said = bare.run("snakemake")
    assert said.returncode == 1
    last = said.stdout.rpartition("\n\n")[2].splitlines()[0]
    assert last.endswith("chen_as_boris.log: extract: data/chen_as_boris.mp4: nothing in it")
    assert len(list(bare.folder.glob("results/evaluate/*/boris_chen.parquet"))) == 4
    assert bare.todo() == {"extract": 1, "evaluate": 4, "control": 2, "compare": 1}

    bare.write("data/chen_as_boris.mp4", "something\n")
    bare.snakemake()
    assert bare.todo() == {}


def test_a_living_run_keeps_its_lock(slow: Loom) -> None:
    run = begun(slow)
    said = slow.run("snakemake", GENERATOR)
    assert said.returncode == 1
    assert "LockException" in said.stdout
    assert slow.todo(GENERATOR)  # to look does no harm
    assert list(slow.folder.glob("results/train/**/*.part"))
    slow.write("go", "")
    assert run.wait(timeout=60) == 0
    assert slow.todo(GENERATOR) == {}
