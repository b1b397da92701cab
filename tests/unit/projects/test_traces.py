"""Whose a path is."""

from pathlib import Path, PurePath

import pytest

from faceloom.people import Clip
from faceloom.projects.traces import Traces, beside, decoded, traced

ANNA = Traces("anna", {"walk", "duet"}, {"anna_ben"}, {"crowd"}, {("blend", "many")})


@pytest.mark.parametrize(
    "path",
    [
        "results/extract/x/walk.parquet",
        "results/measure/x/duet.pose.parquet",
        "results/curate/x/anna.png",
        "results/match/x/ben-anna.parquet",
        "results/train/x/anna+ben.previews/3.png",
        "results/train/x/anna+ben.resume.pt",
        "results/train/x/crowd.pt",
        "results/evaluate/x/anna_ben.twin.parquet",
        "results/blend/many/others.mp4",
        "results/compare/summary.json",
        "results/report.partial.html",
        "logs/detect/x/walk.log",
        "logs/benchmarks/detect/x/walk.tsv",
        "logs/compare.log",
    ],
)
def test_theirs(path: str) -> None:
    assert ANNA.of(PurePath(path))


@pytest.mark.parametrize(
    "path",
    [
        "results/extract/walk/ben.parquet",  # a variant may have any name
        "results/curate/anna/ben.png",
        "results/curate/x/walk.png",
        "results/extract/x/anna.parquet",  # a clip of that name, of somebody else
        "results/train/x/annabel+ben.pt",
        "results/convert/many/others.parquet",
        "results/match/x/ben-carl.parquet",
        "logs/weights/anna.log",
        "data/anna.mp4",
        "src/walk/x/anna.py",
    ],
)
def test_not_theirs(path: str) -> None:
    assert not ANNA.of(PurePath(path))


CLIPS = {
    name: Clip(clip=name, path=f"{name}.mp4", people=people, use="judge" if use else "truth")
    for name, people, use in (
        ("walk", "anna", 1), ("both", "anna+ben", 1), ("ben", "ben", 1), ("ben_as_anna", "ben", 0),
        ("ben_as_carl", "ben", 0),
    )
}  # fmt: skip
CONFIG = {
    "swaps": {
        "one": {"clip": "ben", "faces": "anna", "truth": "ben_as_anna"},
        "two": {"clip": "ben", "faces": "carl", "truth": "ben_as_carl"},
        "three": {"clips": ["both", "ben"], "faces": {"ben": "carl"}},
        "gone": {"clip": "nowhere", "faces": "anna"},
    },
    "casts": {"crowd": ["anna", "ben", "carl"], "pair": ["ben", "carl"]},
    "variants": {
        "many": {"train": {"cast": "crowd"}},
        "same": {"like": "many", "blend": {"by": "poisson"}},
        "flat": {"like": "many", "convert": {"kind": "composite"}},
        "few": {"train": {"cast": "pair"}},
    },
}


def test_names_that_stand_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = traced("anna", CONFIG, CLIPS)
    assert found.clips == {"walk", "both", "ben_as_anna"}
    assert found.swaps == {"one", "three_both"}
    assert found.casts == {"crowd"}
    assert found.folders == {
        ("convert", "many"), ("blend", "many"), ("evaluate", "many"),
        ("blend", "same"), ("evaluate", "same"),
    }  # fmt: skip


def test_a_name_is_a_word_of_its_own() -> None:
    words = ANNA.words()
    for text in ("faces of anna", "walk.mp4", "[duet]", "boris+anna", "anna-ben", "x/anna_ben.pt"):
        assert words.search(text), text
    for text in ("annabel", "anna_2", "walks", "hanna", "duet2"):
        assert not words.search(text), text


def test_records_are_read_in_parts() -> None:
    assert decoded(PurePath("cmVzdWx0cy9hLnB0")) == "results/a.pt"
    assert decoded(PurePath("@cmVzdWx0", "cy9hLnB0")) == "results/a.pt"
    assert decoded(PurePath("not base64")) == "not base64"


def test_what_lies_by_a_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "film/data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "film")
    for name in ("walk.mp4", "walk.mp4.dvc", "walk.npz", "walk.mov", "walks.mp4"):
        Path("data", name).touch()
    (tmp_path / "other.mp4").touch()
    mine = [Path("data/walk.mp4"), Path("../other.mp4"), Path("data/gone.mp4")]
    found = beside(mine, [Path("data/walk.mov")])
    assert sorted(path.name for path in found) == ["walk.mp4", "walk.mp4.dvc", "walk.npz"]
