"""What the page is put together from: films, pictures and parts, with addresses as it sees them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from faceloom.report.pictures import Shown
from faceloom.report.refining import Line
from faceloom.report.tabulation import Table


@dataclass(frozen=True)
class Film:
    """A film in the page: its address, its poster's, what it is."""

    label: str
    address: str
    poster: str
    sentence: str = ""
    table: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture in the page: its address, its name, what it shows."""

    address: str
    label: str
    alt: str


@dataclass(frozen=True)
class SwapPart:
    """The part of the page about a swap."""

    name: str
    title: str
    clip: str
    truth: str
    leave: str
    together: Film | None
    contact: Picture | None
    films: tuple[Film, ...]
    table: Table | None


@dataclass(frozen=True)
class RefinedPart:
    """The part of the page about refiners."""

    faces: tuple[Picture, ...]
    strips: tuple[Picture, ...]
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class VariantPart:
    """The part of the page about a variant."""

    name: str
    why: str
    like: str
    settings: tuple[tuple[str, str], ...]
    trained: str
    shares: tuple[str, ...]


@dataclass(frozen=True)
class Training:
    """The part of the page about a training."""

    owner: str
    cast: str
    used: str
    course: str
    plot: Picture | None
    previews: Film | None


@dataclass(frozen=True)
class Addresses:
    """The addresses of files as the page sees them."""

    folder: Path
    shown: Shown

    def of(self, path: Path) -> str:
        """A file's address from the folder of the page."""
        return quote(Path(os.path.relpath(path, self.folder)).as_posix())

    def film(self, label: str, path: Path, **more: object) -> Film:
        """A film with its poster."""
        poster = self.shown.posters.get(path)
        return Film(label, self.of(path), self.of(poster) if poster else "", **more)  # type: ignore[arg-type]
