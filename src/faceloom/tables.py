"""Tables that pass between stages: written whole or not at all, read as rows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from errno import EACCES
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from .errors import FaceloomError, room_for, writable
from .runs import HALF, stay_wanted

SCHEMA = 1  # of the tables as a whole: a newer Faceloom's, that this one cannot read, has more
KEPT_AS = b"faceloom.schema"  # where a table says its own
GROUP = 256  # rows a row group, or fewer:
HEAVY = 32 << 20  # bytes of pictures in a row group; keeps memory flat, however large they are

Row = TypeVar("Row")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write under; the file gets its real one when all is in, and is still wanted.

    Raises:
        FaceloomError: the folder is not one's own, or the disk is full.
    """
    part = path.with_name(f"{path.stem}.{os.getpid()}{path.suffix}{HALF}")
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
    try:
        with room_for(path):
            yield part
        stay_wanted()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path, row: type[Row]) -> list[Row]:
    """The rows of a table.

    Raises:
        FaceloomError: where the file is no such table.
    """
    return list(scan(path, row))


def scan(path: Path, row: type[Row]) -> Iterator[Row]:
    """The rows of a table one by one, a row group in memory at a time."""
    with opened(path) as file:
        names = schema(row).names
        if missing := set(names) - set(file.schema_arrow.names):
            raise FaceloomError(
                f"{path}: no table of {row.__name__} rows, it lacks {', '.join(sorted(missing))}; "
                "remove it and let it be made again"
            )
        for number in range(file.num_row_groups):
            with readable(path):
                group = file.read_row_group(number, columns=names, use_threads=False)
            yield from (row(**said) for said in group.to_pylist())


@contextmanager
def opened(path: Path) -> Iterator[pq.ParquetFile]:
    """A Parquet file, or one line about why it is none."""
    with readable(path):
        file = pq.ParquetFile(path)
    with file:
        number = (file.schema_arrow.metadata or {}).get(KEPT_AS, b"1")
        if number.isdigit() and int(number) > SCHEMA:
            raise FaceloomError(
                f"{path}: made by a newer Faceloom (schema {int(number)}); update this one, "
                "or remove it and let it be made again"
            )
        yield file


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Says in one line that a table is not there, or not whole."""
    try:
        yield
    except FileNotFoundError:
        raise FaceloomError(f"{path}: there is no such table; is the path right?") from None
    except PermissionError:
        raise FaceloomError(f"{path}: may not be read; change its permissions") from None
    except (pa.ArrowException, OSError):  # what pyarrow calls damage is of both
        raise FaceloomError(
            f"{path}: not a Parquet table, or a broken one; remove it and let it be made again"
        ) from None


def column(path: Path, name: str) -> list[Any]:
    """One column of a table, the others not touched."""
    with opened(path) as file:
        if name not in file.schema_arrow.names:
            raise FaceloomError(
                f"{path}: it has no column {name}; remove it and let it be made again"
            )
        with readable(path):
            values: list[Any] = file.read(columns=[name])[name].to_pylist()
        return values


def write(path: Path, rows: Iterable[Row], row: type[Row]) -> int:
    """A whole table or none; how many rows it has.

    Pictures are compressed already and are stored as they are, all else by zstd.
    """
    told = schema(row).with_metadata({KEPT_AS: str(SCHEMA)})
    packed = {field.name: "none" if field.type == pa.binary() else "zstd" for field in told}
    count = 0
    with whole(path) as part, pq.ParquetWriter(part, told, compression=packed) as file:
        for group in grouped(rows, [field.name for field in told if field.type == pa.binary()]):
            columns = {name: [getattr(each, name) for each in group] for name in told.names}
            file.write_table(pa.table(columns, schema=told))
            count += len(group)
    return count


def grouped(rows: Iterable[Row], pictures: list[str]) -> Iterator[list[Row]]:
    """The rows in lists of a row group's length."""
    group: list[Row] = []
    weight = 0
    for row in rows:
        group.append(row)
        weight += sum(len(getattr(row, name)) for name in pictures)
        if len(group) == GROUP or weight >= HEAVY:
            yield group
            group, weight = [], 0
    if group:
        yield group


def schema(row: type) -> pa.Schema:
    """What Arrow calls the columns of this class."""
    hints = get_type_hints(row, include_extras=True)
    return pa.schema([(field.name, hints[field.name].__metadata__[0]) for field in fields(row)])


def write_text(path: Path, text: str) -> None:
    """A whole file of text or none."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")


def own_folder(folder: Path, mark: str) -> Path:
    """The folder, holding nothing but what this very work has put in before it was stopped."""
    owner = folder / "fingerprint"
    if not owner.exists() or owner.read_text() != mark:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write_text(owner, mark)
    return folder
