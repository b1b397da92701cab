"""Files that come into a project: under a fit name, whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def fit(stem: str) -> str:
    """A file's name as a name for wildcards."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "_", plain).strip("_")


def suffix(clip: Path) -> str:
    """What a clip's name ends in; nothing for a folder."""
    return clip.suffix.lower() if clip.is_file() else ""


@contextmanager
def arriving(place: Path) -> Iterator[Path]:
    """A name to copy to; it gets its real one when all of it is there."""
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(place)
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        part.unlink(missing_ok=True)
