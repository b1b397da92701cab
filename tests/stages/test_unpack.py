"""unpack: pictures for people, and all their facts beside them."""

import csv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from commands import answered, command, refused
from faceloom.errors import FaceloomError
from faceloom.images import decode, open_picture
from faceloom.media import pictures
from faceloom.rows.faces import Face
from faceloom.stages import unpack as stage
from faceloom.stages.unpack import unpack
from faceloom.tables import write
from faces import row, shot

FACES = [row(shot(n), 2 * n, track) for n in range(3) for track in (0, 7)]
NAMES = [f"walk-{2 * n:06d}-{track}.png" for n in range(3) for track in (0, 7)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    write(tmp_path / "faces.parquet", FACES, Face)
    return tmp_path / "faces.parquet"


def test_a_folder_of_crops_with_masks_and_a_list(table: Path, tmp_path: Path) -> None:
    unpack(table, tmp_path / "crops")
    files = {str(p.relative_to(tmp_path / "crops")) for p in (tmp_path / "crops").rglob("*.*")}
    assert files == {*NAMES, *(f"masks/{name}" for name in NAMES), "faces.tsv"}
    for name, face in zip(NAMES, FACES, strict=True):
        assert np.array_equal(open_picture(tmp_path / "crops" / name), decode(face.image))
    with (tmp_path / "crops/faces.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [each["picture"] for each in rows] == NAMES
    assert [float(word) for word in rows[3]["landmarks"].split()] == FACES[3].landmarks
    assert [float(word) for word in rows[3]["matrix"].split()] == FACES[3].matrix


@pytest.mark.parametrize("name", ["crops", "crops.zip"])
def test_the_crops_are_a_clip_like_any(table: Path, tmp_path: Path, name: str) -> None:
    unpack(table, tmp_path / name)
    shown = [picture.image for picture in pictures(tmp_path / name)]
    assert len(shown) == len(FACES)
    for image, face in zip(shown, FACES, strict=True):
        assert np.array_equal(image, decode(face.image))


def test_nothing_is_written_over(table: Path, tmp_path: Path) -> None:
    (tmp_path / "crops").mkdir()
    with pytest.raises(FaceloomError, match="crops: there already"):
        unpack(table, tmp_path / "crops")


@pytest.mark.parametrize("name", ["crops", "crops.zip"])
def test_what_fails_half_way_leaves_nothing(
    table: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(faces: Path) -> Iterator[tuple[str, bytes]]:
        yield "1.png", b"a"
        raise OSError("no room")

    monkeypatch.setattr(stage, "files", failing)
    with pytest.raises(OSError, match="no room"):
        unpack(table, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["faces.parquet"]


def test_as_a_command(table: Path, tmp_path: Path) -> None:
    done = command("unpack", faces=table, out=tmp_path / "crops.zip")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["unpack: 6 faces"]
    with ZipFile(tmp_path / "crops.zip") as archive:
        assert len(archive.namelist()) == 13


def test_no_table_is_one_line(tmp_path: Path) -> None:
    done = answered("unpack", faces=tmp_path / "none.parquet", out=tmp_path / "crops")
    refused(done, "none.parquet: there is no such table", tmp_path / "crops")
