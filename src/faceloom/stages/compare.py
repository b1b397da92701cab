"""compare: all variants side by side, in numbers and in pictures.

Scores, films and trainings in; a summary, a table, pictures and one page of HTML out.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..report.board import CONTROLS, Board
from ..report.comparison import Comparison
from ..report.files import Files, by_name, controlled, missing, owned
from ..report.page import page
from ..report.pictures import draw
from ..report.statistics import Estimate, estimates
from ..rows.results import Result
from ..rows.scores import Score
from ..runs import HALF, stay_wanted
from ..tables import read, whole, write

log = logging.getLogger(__name__)


def compare(
    scores: tuple[Path, ...],
    controls: tuple[Path, ...],
    films: tuple[Path, ...],
    clips: tuple[Path, ...],
    histories: tuple[Path, ...],
    previews: tuple[Path, ...],
    sheets: tuple[Path, ...],
    summary: Path,
    table: Path,
    pictures: Path,
    report: Path,
    settings: Comparison,
) -> None:
    """Put all variants side by side; what is not there yet is named in the report.

    Args:
        scores: what every film scores.
        controls: what the hosts' own clips and the truths score.
        films: the films of every variant.
        clips: the hosts' own clips and the truths.
        histories: the losses of every training.
        previews: the films of every training's progress.
        sheets: the contact sheets of chosen and of augmented faces.
        summary: where the means and their intervals go, as JSON.
        table: where the same goes as a table.
        pictures: the folder for plots, contact sheets and films side by side.
        report: where the page goes.
        settings: what the variants and swaps are.
    """
    files = Files(
        scores=owned(scores, ".parquet"),
        controls=controlled(controls),
        films=owned(films, ".mp4"),
        clips=by_name(settings.clips, clips),
        histories=owned(histories, ".history.parquet"),
        previews=owned(previews, ".previews.mp4"),
        sheets=owned(sheets, ".png"),
    )
    board = scored(files, settings)
    gaps = missing(settings, files)
    with whole_folder(pictures) as folder:
        shown = draw(settings, files, board, folder)
    write(table, board.results(), Result)
    write_text(summary, json.dumps(board.summary(), indent=2, allow_nan=False) + "\n")
    write_text(report, page(settings, files, board, gaps, shown.within(pictures), report.parent))
    log.info("%d films compared, %d things missing", len(films), len(gaps))


def scored(files: Files, told: Comparison) -> Board:
    """What every variant and every control scores."""
    variants: dict[str, dict[str, dict[str, Estimate]]] = {}
    for name in told.variants:
        owner = told.owner("evaluate", name)
        found = {swap: files.scores.get((owner, swap)) for swap in told.swaps}
        variants[name] = measured(found)
    controls = {
        control: measured({swap: files.controls.get((control, swap)) for swap in told.swaps})
        for control in CONTROLS
    }
    return Board(variants, controls)


def measured(found: dict[str, Path | None]) -> dict[str, dict[str, Estimate]]:
    """The scores in these files, by swap."""
    return {swap: estimates(read(path, Score), swap) for swap, path in found.items() if path}


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that takes the place of the old one when all is in, and is still wanted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", suffix=HALF) as made:
        fresh = Path(made) / path.name
        fresh.mkdir()
        yield fresh
        stay_wanted()
        shutil.rmtree(path, ignore_errors=True)
        fresh.replace(path)


def write_text(path: Path, text: str) -> None:
    """A whole text file or none."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")
