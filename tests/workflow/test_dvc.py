"""One stage for DVC, one DAG for Snakemake: what one machine has made, another does not again."""

import random
import shutil
from pathlib import Path

import pytest

from workflow.loom import PROJECT, Loom

KEPT = (".dvc/config", ".dvc/.gitignore", ".gitignore")


@pytest.fixture
def kept(bare: Loom) -> Loom:
    """A working copy in git, as a clone of the project is; one clip of many is with DVC."""
    for name in KEPT:
        (bare.folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, bare.folder / name)
    bare.environment |= {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    says(bare, "git", "init", "--quiet")
    says(bare, "dvc", "add", "--quiet", "data/dana_learn.mp4")
    says(bare, "git", "add", "--all")
    says(bare, "git", "commit", "--quiet", "--message", "one")
    return bare


def says(loom: Loom, *command: str) -> str:
    """What a command says that succeeds."""
    done = loom.run(*command)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_dvc_makes_what_snakemake_makes_and_hands_it_on(kept: Loom, tmp_path: Path) -> None:
    kept.configure(many={"train": {"cast": "everyone"}})
    says(kept, "dvc", "repro")
    assert (kept.folder / "results/report.html").exists()
    assert kept.todo() == {}
    assert "didn't change" in says(kept, "dvc", "repro")
    assert "schema" in says(kept, "dvc", "metrics", "show")
    assert says(kept, "git", "status", "--short").split() == ["M", "config.yaml", "A", "dvc.lock"]

    says(kept, "dvc", "remote", "add", "--default", "--local", "store", str(tmp_path / "store"))
    says(kept, "dvc", "push", "--quiet")
    says(kept, "git", "commit", "--quiet", "--all", "--message", "two")
    says(kept, "git", "clone", "--quiet", str(kept.folder), str(tmp_path / "clone"))
    clone = Loom(tmp_path / "clone")
    shutil.copytree(kept.folder / "resources", clone.folder / "resources")  # by ./run's set-up
    says(clone, "dvc", "remote", "add", "--default", "--local", "store", str(tmp_path / "store"))
    says(clone, "dvc", "pull", "--quiet")
    assert clone.todo() == {}

    folders = ("data", "results", "src", "rules")
    files = [path for folder in folders for path in (clone.folder / folder).rglob("*.*")]
    for path in random.Random(0).sample(files, len(files)):
        path.touch()
    assert clone.todo() == {}
    assert "up to date" in says(clone, "dvc", "status")

    clone.configure(sharp={"like": "faster", "refine": ["none"]})
    assert clone.todo() == {"refine": 2, "blend": 2, "evaluate": 2, "compare": 1}
