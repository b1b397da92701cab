"""One stage for DVC, one DAG for Snakemake: what one machine has made, another does not again."""

import random
import re
import shutil
from pathlib import Path

import pytest

from workflow.little import small
from workflow.loom import PROJECT, Loom

KEPT = (".dvc/config", ".dvc/.gitignore", ".gitignore")


@pytest.fixture
def kept(bare: Loom) -> Loom:
    """A working copy in git; one clip of many is with DVC."""
    begin(bare)
    says(bare, "dvc", "add", "--quiet", "data/dana_learn.mp4")
    says(bare, "git", "add", "--all")
    says(bare, "git", "commit", "--quiet", "--message", "one")
    return bare


def begin(loom: Loom) -> None:
    """Make it a repository, with DVC as the project has it."""
    for name in KEPT:
        (loom.folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, loom.folder / name)
    who = [f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
    loom.environment |= dict.fromkeys(who, "a@b")
    says(loom, "git", "init", "--quiet")


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


def test_an_experiment_of_dvcs_makes_what_is_new(kept: Loom) -> None:
    says(kept, "dvc", "repro", "--quiet")
    says(kept, "git", "commit", "--quiet", "--all", "--message", "two")
    change = "config.yaml:+variants.faster.train.seed=7"
    said = says(kept, "dvc", "exp", "run", "--name", "seven", "--set-param", change)
    assert len(re.findall("^(?:local)?rule train:", said, re.MULTILINE)) == 1
    assert not re.search("^(?:local)?rule crop:", said, re.MULTILINE)


@pytest.mark.slow
def test_dvc_makes_the_real_thing_and_shows_its_scores(tmp_path: Path) -> None:
    loom = small(tmp_path / "loom")
    begin(loom)
    says(loom, "git", "add", "--all")
    says(loom, "git", "commit", "--quiet", "--message", "one")
    says(loom, "dvc", "repro", "--quiet")
    assert (loom.folder / "results/report.html").exists()
    assert "didn't change" in says(loom, "dvc", "repro")
    assert "donor_distance" in says(loom, "dvc", "metrics", "show")
    says(loom, "dvc", "plots", "show")
    assert "sharpness.svg" in (loom.folder / "dvc_plots/index.html").read_text()
