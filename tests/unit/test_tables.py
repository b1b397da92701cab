"""Tables are written whole or not at all, and read as they were written."""

import os
import subprocess
import sys
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import faceloom.rows
from faceloom import tables
from faceloom.errors import FaceloomError
from faceloom.rows.columns import Count, Encoded, Real, Word
from faceloom.tables import column, read, scan, schema, whole, write


@dataclass(frozen=True, slots=True)
class Sample:
    """A row with one column of each simple kind."""

    name: Word
    number: Count
    size: Real
    image: Encoded


rows = st.lists(
    st.builds(
        Sample,
        name=st.text(max_size=5),
        number=st.integers(0, 2**31 - 1),
        size=st.floats(width=32, allow_nan=False),
        image=st.binary(max_size=20),
    ),
    max_size=40,
)


@given(rows)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Sample]
) -> None:
    path = tmp_path_factory.mktemp("tables") / "deep/down/table.parquet"
    assert write(path, iter(rows), Sample) == len(rows)
    assert read(path, Sample) == rows
    assert column(path, "number") == [row.number for row in rows]


def test_rows_come_in_groups_that_keep_memory_flat(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write(path, (Sample("x", n, 0.5, b"\0" * 10) for n in range(600)), Sample)
    groups = pq.ParquetFile(path).metadata
    assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == [256, 256, 88]
    assert next(scan(path, Sample)).number == 0


def test_groups_of_large_pictures_have_fewer_rows(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    every = [Sample("x", n, 0.5, bytes(9 << 20 if n < 9 else 9)) for n in range(20)]
    write(path, every, Sample)
    groups = pq.ParquetFile(path).metadata
    assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == [4, 4, 12]
    assert read(path, Sample) == every


def test_a_long_table_is_never_in_memory_whole(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write(path, (Sample("x", n, 0.5, os.urandom(20_000)) for n in range(3000)), Sample)
    before = pa.total_allocated_bytes()
    most = max(pa.total_allocated_bytes() for row in scan(path, Sample) if row.number % 64 == 0)
    assert most - before < 20e6 < path.stat().st_size / 3


def test_pictures_are_not_packed_again(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write(path, [Sample("x", 1, 0.5, b"png")], Sample)
    columns = [pq.ParquetFile(path).metadata.row_group(0).column(n) for n in range(4)]
    assert {c.path_in_schema: c.compression for c in columns} == {
        "name": "ZSTD",
        "number": "ZSTD",
        "size": "ZSTD",
        "image": "UNCOMPRESSED",
    }


def test_more_columns_do_no_harm_fewer_are_named(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Less:
        """Two columns of the four."""

        name: Word
        number: Count

    @dataclass(frozen=True)
    class More(Sample):
        """One more."""

        more: Word

    path = tmp_path / "table.parquet"
    write(path, [Sample("x", 1, 0.5, b"")], Sample)
    assert [row.name for row in read(path, Less)] == ["x"]
    with pytest.raises(FaceloomError, match="no table of More rows, it lacks more"):
        read(path, More)


@pytest.mark.parametrize("bytes_", [b"", b"PAR1", b"not a table at all"])
def test_a_broken_table_is_one_line(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / "table.parquet").write_bytes(bytes_)
    with pytest.raises(FaceloomError, match="table.parquet: not a Parquet table"):
        read(tmp_path / "table.parquet", Sample)


def test_a_table_that_is_damaged_inside_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write(path, [Sample("x" * 50, n, 0.5, b"") for n in range(200)], Sample)
    data = bytearray(path.read_bytes())
    data[4:200] = bytes(196)  # the first column's pages; the index at the end is whole
    path.write_bytes(data)
    for reading in (lambda: read(path, Sample), lambda: column(path, "name")):
        with pytest.raises(FaceloomError, match="table.parquet: not a Parquet table, or a broken"):
            reading()


def test_a_folder_in_the_place_of_a_table_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="not a Parquet table"):
        read(tmp_path, Sample)


def test_a_table_of_a_newer_faceloom_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.parquet"
    with monkeypatch.context() as later:
        later.setattr(tables, "SCHEMA", tables.SCHEMA + 1)
        write(path, [Sample("x", 1, 0.5, b"")], Sample)
        assert read(path, Sample)[0].name == "x"
    said = rf"table.parquet: made by a newer Faceloom \(schema {tables.SCHEMA + 1}\); update"
    for reading in (lambda: read(path, Sample), lambda: column(path, "name")):
        with pytest.raises(FaceloomError, match=said):
            reading()


def test_tables_of_before_there_was_a_number_and_of_others_are_read(tmp_path: Path) -> None:
    told = schema(Sample)
    rows = {"name": ["x"], "number": [1], "size": [0.5], "image": [b""]}
    for mark in (None, {b"faceloom.schema": b"new"}, {b"pandas": b"{}"}):
        path = tmp_path / "table.parquet"
        pq.write_table(pa.table(rows, schema=told.with_metadata(mark)), path)
        assert read(path, Sample) == [Sample("x", 1, 0.5, b"")]


def test_a_column_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    write(tmp_path / "table.parquet", [], Sample)
    with pytest.raises(FaceloomError, match="it has no column colour"):
        column(tmp_path / "table.parquet", "colour")


def test_a_table_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="there is no such table"):
        read(tmp_path / "none.parquet", Sample)


def test_an_error_half_way_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole(path) as part:
        part.write_text("new")
        1 / 0  # noqa: B018
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_who_is_not_wanted_any_more_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    line = (
        "import sys; from pathlib import Path; from faceloom.tables import whole\n"
        "with whole(Path(sys.argv[1])) as part: part.write_text('new')"
    )
    done = subprocess.run(
        [sys.executable, "-c", line, str(path)],
        env={**os.environ, "FACELOOM_RUN": str(gone.pid)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "is gone" in done.stderr
    assert not path.exists()


def rows_of_the_package() -> list[type]:
    modules = [
        import_module(f"faceloom.rows.{m.name}") for m in iter_modules(faceloom.rows.__path__)
    ]
    return [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type)
        and each.__module__ == module.__name__
        and hasattr(each, "__slots__")
    ]


@pytest.mark.parametrize("row", rows_of_the_package(), ids=lambda row: row.__name__)
def test_every_row_has_a_schema_of_its_fields(row: type, tmp_path: Path) -> None:
    assert schema(row).names == [field.name for field in fields(row)]
    assert write(tmp_path / "empty.parquet", [], row) == 0
    assert tables.read(tmp_path / "empty.parquet", row) == []


def test_arrays_may_be_written_where_lists_are_read(tmp_path: Path) -> None:
    from faceloom.rows.columns import Matrix

    @dataclass(frozen=True)
    class Placed:
        """A row with a matrix."""

        matrix: Matrix

    path = tmp_path / "table.parquet"
    write(path, [Placed(np.arange(6.0).tolist())], Placed)
    assert np.allclose(read(path, Placed)[0].matrix, np.arange(6.0))
