"""What DVC is told, and what it holds of somebody: from files as DVC writes them."""

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from faceloom.commands.new import STAGE
from faceloom.errors import FaceloomError
from faceloom.projects import dvc


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".dvc").mkdir()
    return tmp_path


def stored(text: str) -> str:
    """A file in the cache."""
    md5 = hashlib.md5(text.encode()).hexdigest()
    dvc.object_of(md5).parent.mkdir(parents=True, exist_ok=True)
    dvc.object_of(md5).write_text(text)
    return md5


def folder(files: dict[str, str]) -> str:
    """A folder in the cache, its files told by path and text."""
    entries = [{"md5": stored(text), "relpath": path} for path, text in files.items()]
    text = json.dumps(entries)
    md5 = hashlib.md5(text.encode()).hexdigest() + ".dir"
    dvc.object_of(md5).parent.mkdir(parents=True, exist_ok=True)
    dvc.object_of(md5).write_text(text)
    return md5


def pointer(name: str, md5: str) -> Path:
    path = Path("data/clips") / f"{name}.dvc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"outs": [{"md5": md5, "path": name}]}))
    return path


def texts(paths: list[Path]) -> set[str]:
    return {path.read_text() for path in paths if not path.name.endswith(".dir")}


def anna(path: str) -> bool:
    return "anna" in path


def test_a_clip_in_the_cache() -> None:
    mine, _ = pointer("anna.mp4", stored("anna's")), pointer("ben.mp4", stored("ben's"))
    assert texts(dvc.kept([mine], anna)) == {"anna's"}


def test_a_clip_that_is_somebody_elses_as_well_stays() -> None:
    mine, _ = pointer("anna.mp4", stored("shared")), pointer("ben.mp4", stored("shared"))
    assert dvc.kept([mine], anna) == []


def test_a_folder_of_pictures() -> None:
    mine = pointer("anna", folder({"1.png": "one", "2.png": "two"}))
    pointer("ben", folder({"2.png": "two", "3.png": "three"}))
    found = dvc.kept([mine], lambda path: False)
    assert texts(found) == {"one"}
    assert [path.name.endswith(".dir") for path in found].count(True) == 1


def test_results_of_any_time() -> None:
    new = folder({"crop/anna": "new face", "crop/ben": "ben", "report": "same"})
    old = folder({"crop/anna": "old face", "crop/ben": "ben"})
    others = folder({"crop/ben": "ben", "empty/anna": "ben"})
    found = dvc.kept([], anna)
    assert texts(found) == {"new face", "old face"}
    assert {dvc.object_of(each) for each in (new, old, others)} <= set(found)


def test_records_that_name_what_is_gone() -> None:
    results = folder({"crop/anna": "face"})
    runs = Path(".dvc/cache/runs/ab/cd")
    runs.mkdir(parents=True)
    (runs / "1").write_text(f"outs: {results}")
    (runs / "2").write_text("outs: others")
    Path("dvc.lock").write_text(f"md5: {results}\n")
    assert dvc.mentioning(dvc.kept([], anna)) == [Path("dvc.lock"), runs.resolve() / "1"]


def test_the_cache_may_be_elsewhere(tmp_path: Path) -> None:
    assert dvc.cache() == tmp_path / ".dvc/cache/files/md5"
    Path(".dvc/config.local").write_text("[cache]\n    dir = ../../shared\n")
    assert dvc.cache() == tmp_path.parent / "shared/files/md5"


def test_where_things_were_pushed() -> None:
    Path(".dvc/config").write_text("[core]\nremote = a\n['remote \"a\"']\nurl = s3://a\n")
    Path(".dvc/config.local").write_text("['remote \"b\"']\n    url = /b\n")
    assert dvc.remotes() == ["s3://a", "/b"]


def test_results_are_withheld() -> None:
    assert dvc.withheld()  # nothing is pushed without a dvc.yaml
    assert not dvc.withhold_results()
    dvc.STAGES.write_text(STAGE)
    assert not dvc.withheld()
    assert dvc.withhold_results()
    assert dvc.withheld()
    assert not dvc.withhold_results()
    before, after = yaml.safe_load(STAGE), yaml.safe_load(dvc.STAGES.read_text())
    assert after["stages"]["reproduce"]["outs"][0]["results"].pop("push") is False
    assert after == before


def test_results_that_are_kept_in_another_way_are_left_alone() -> None:
    dvc.STAGES.write_text("stages:\n  all:\n    cmd: x\n    outs: [results]\n")
    with pytest.raises(FaceloomError, match="cannot see how results are kept; add `push: false`"):
        dvc.withhold_results()
