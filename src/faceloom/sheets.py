"""Sheets that people write: tab-separated, a line a row, checked as forms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import FaceloomError, mistakes

NAME = re.compile(r"[a-z0-9_]+")


class Row(BaseModel):
    """A line of a sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Kind = TypeVar("Kind", bound=Row)


def sheet(path: Path, row: type[Kind], names: re.Pattern[str] = NAME) -> dict[str, Kind]:
    """The rows of a sheet by what their first column says.

    A byte-order mark, Windows line ends, blank lines and lines that begin with # do no harm.

    Raises:
        FaceloomError: no such file, a column missing or unknown, a bad value, a name twice.
    """
    lines = [line for line in text(path).splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter="\t", quoting=csv.QUOTE_NONE)
    head = reader.fieldnames or ()
    needed = [name for name, field in row.model_fields.items() if field.is_required()]
    if missing := [name for name in needed if name not in head]:
        raise FaceloomError(
            f"{path}: no column {', '.join(missing)} among {', '.join(head) or 'none'}; "
            "columns are separated by tabs"
        )
    found: dict[str, Kind] = {}
    for number, said in enumerate(reader, 2):
        place = f"{path} row {number}"
        if None in said:
            raise FaceloomError(f"{place}: more values than columns; is there a tab too many?")
        made = checked(place, {key: value or "" for key, value in said.items()}, row)
        name = next(iter(dict(made).values()))
        if not names.fullmatch(name):
            raise FaceloomError(f"{place}: {name!r}: a name has only a-z, 0-9 and _")
        if name in found:
            raise FaceloomError(f"{place}: {name} is there twice")
        found[name] = made
    return found


def text(path: Path) -> str:
    """What a file says, without a byte-order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FaceloomError(
            f"{path}: there is no such file; is the path in the config right?"
        ) from None
    except UnicodeDecodeError:
        raise FaceloomError(f"{path}: not UTF-8 text; save it as UTF-8") from None


def checked(place: str, said: Mapping[str, Any], row: type[Kind]) -> Kind:
    """A row as a form, or what is wrong with it in one line."""
    try:
        return row.model_validate(said)
    except ValidationError as bad:
        raise FaceloomError("; ".join(f"{place}: {each}" for each in mistakes(bad))) from None
