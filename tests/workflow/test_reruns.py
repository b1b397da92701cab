"""The promise of the workflow: a change reruns what it touches and nothing else."""

from workflow.loom import Loom


def test_nothing_changed(loom: Loom) -> None:
    assert loom.todo() == {}
    assert "Nothing to be done" in loom.snakemake()
