"""A project's folder: complete, and nothing of anybody's overwritten."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from faceloom.commands.new import new
from faceloom.errors import FaceloomError
from faceloom.plan import Plan
from faceloom.projects import dvc
from faceloom.projects.place import config, home
from faceloom.schema import schema


def test_a_project_lacks_only_its_swaps(project: Path) -> None:
    with pytest.raises(FaceloomError, match="config: no swaps; say at least one"):
        Plan(config())
    text = (project / "config.yaml").read_text()
    (project / "data/clips.tsv").write_text("clip\tpath\tpeople\tuse\nx\tx.mp4\tanna\tlearn\n")
    people = project / "data/people.tsv"
    people.write_text(people.read_text() + "anna\tself\thost donor training\n")
    (project / "config.yaml").write_text(text + "  same: {clip: x, faces: anna}\n")
    plan = Plan(config())
    assert list(plan.swaps) == ["same"]
    assert plan.needed().keys() <= plan.known.keys()
    Draft202012Validator(schema()).validate(yaml.safe_load((project / "config.yaml").read_text()))


def test_the_examples_in_comments_are_right(project: Path) -> None:
    """Each comes to life by taking its # away."""
    text = (project / "config.yaml").read_text()
    alive = re.sub(r"^  # ", "  ", text, flags=re.MULTILINE)
    Draft202012Validator(schema()).validate(yaml.safe_load(alive))
    people = project / "data/people.tsv"
    for name in ("anna", "ben"):
        people.write_text(people.read_text() + f"{name}\tself\thost donor training\n")
    rows = "anna_walk\tx\tanna\tlearn\nboth\ty\tanna+ben\tjudge\n"
    (project / "data/clips.tsv").write_text(f"clip\tpath\tpeople\tuse\n{rows}")
    plan = Plan({**config(), **yaml.safe_load(alive)})
    assert list(plan) == ["baseline", "poisson"]
    assert plan.swaps["duet"].pairs == ["anna=ben"]


def test_the_links_lead_home(project: Path) -> None:
    assert (project / "resources/faceloom").resolve() == home()
    assert (project / "resources/faceloom/workflow/config.schema.json").exists()
    assert (project / "resources/weights").resolve() == home() / "resources/weights"


def test_nothing_is_overwritten(project: Path, tmp_path: Path) -> None:
    for place in (project, tmp_path):
        with pytest.raises(FaceloomError, match="there already, and not empty"):
            new(place)
    with pytest.raises(FaceloomError, match="there already"):
        new(project / "config.yaml")


def test_with_dvc_and_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path / "film")], check=True)
    new(tmp_path / "film")
    said = (tmp_path / "film/.dvc/config").read_text()
    assert "no_scm" not in said
    for line in ("analytics = false", "autostage = true", 'type = "reflink,copy"'):
        assert line in said
    assert "/data/evidence" in (tmp_path / "film/.dvcignore").read_text()
    ignored = subprocess.run(
        ["git", "check-ignore", "data/clips/a.mp4", "data/clips/a.mp4.dvc", "results/x",
         "data/evidence/form.pdf", "resources/weights", ".dvc/config", ".dvc/cache/x"],
        cwd=tmp_path / "film", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert set(ignored.stdout.split()) == {
        "data/clips/a.mp4", "results/x", "data/evidence/form.pdf", "resources/weights",
        ".dvc/cache/x",
    }  # fmt: skip


def test_where_dvc_fails_the_project_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*words: str) -> None:
        raise FaceloomError("dvc init: no room")

    monkeypatch.setattr(dvc, "dvc", fail)
    new(tmp_path / "film")
    assert "dvc init: no room; the project works without DVC" in caplog.text
    assert (tmp_path / "film/data/clips.tsv").exists()
