"""measure: a row for each face, whatever it is asked about."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from faceloom.geometry.landmarks import CANONICAL
from faceloom.images import encode_png
from faceloom.rows.faces import Face
from faceloom.rows.facts import Measured
from faceloom.settings import Pose, Quality
from faceloom.stages.measure import measure
from faceloom.tables import read, write


def faces(count: int) -> Iterator[Face]:
    for number in range(count):
        yield Face(
            clip="walk",
            person="anna+emi",
            frame=number // 2,
            track=number % 2,
            bridged=False,
            width=320,
            height=240,
            landmarks=(CANONICAL * 60 + 90 + number).ravel().tolist(),
            matrix=[1.0, 0, -80, 0, 1, -80],
            mask=encode_png(np.full((32, 32), 255, np.uint8)),
            image=encode_png(np.full((32, 32, 3), 10 * number, np.uint8)),
        )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    write(tmp_path / "walk.parquet", faces(5), Face)
    return tmp_path / "walk.parquet"


def test_every_face_has_its_row(table: Path, tmp_path: Path) -> None:
    measure(table, (), tmp_path / "q.parquet", Quality())
    rows = read(tmp_path / "q.parquet", Measured)
    assert [row.key for row in rows] == [face.key for face in faces(5)]
    assert {(row.kind, row.person) for row in rows} == {("quality", "anna+emi")}
    assert [row.values[1] for row in rows] == pytest.approx([0, 10, 20, 30, 40], abs=1e-3)


def test_no_faces_no_rows(tmp_path: Path) -> None:
    write(tmp_path / "none.parquet", [], Face)
    measure(tmp_path / "none.parquet", (), tmp_path / "p.parquet", Pose())
    assert read(tmp_path / "p.parquet", Measured) == []


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "faceloom.cli", "measure", *words]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_as_a_command(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "facts.parquet"
    words = ["--faces", str(table), "--weights", "--facts", str(out), "--settings"]
    done = command(*words, '{"kind":"pose"}')
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == "measure: pose of 5 faces"
    assert len(read(out, Measured)) == 5


def test_weights_that_are_not_given_are_asked_for(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "facts.parquet"
    words = ["--faces", str(table), "--weights", "--facts", str(out), "--settings"]
    done = command(*words, '{"kind":"identity"}')
    assert done.returncode == 2 and "dlib_face_recognition" in done.stderr.splitlines()[-1]
    assert not out.exists()
