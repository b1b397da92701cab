"""compare: all variants side by side, in numbers and in pictures.

Scores, films and trainings in; a summary, a table, pictures and one page of HTML out.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..actors.labels import Shot, shot
from ..report.board import CONTROLS, Board
from ..report.cases import cases
from ..report.comparison import Comparison
from ..report.files import Files, by_name, controlled, missing, owned
from ..report.page import page
from ..report.pictures import draw
from ..report.ranking import ALL, Ranking, ranked
from ..report.statistics import Estimate, estimates
from ..rows.ranks import Rank
from ..rows.results import Result
from ..rows.scores import Score
from ..runs import HALF, stay_wanted
from ..tables import read, whole, write

log = logging.getLogger(__name__)

Frames = Mapping[str, set[int]]
"""By swap."""
LABELS = (".parquet", ".json", ".npz")


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
    ranking: Path,
    pictures: Path,
    report: Path,
    settings: Comparison,
    labels: tuple[Path, ...] = (),
    refined: tuple[Path, ...] = (),
    swapped: tuple[Path, ...] = (),
    seconds: tuple[Path, ...] = (),
    crops: tuple[Path, ...] = (),
    parsed: tuple[Path, ...] = (),
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
        ranking: where the order of recipes over people and trainings goes.
        pictures: the folder for plots, contact sheets and films side by side.
        report: where the page goes.
        settings: what the variants and swaps are.
        labels: what is known of each rendered truth: NAME.parquet, NAME.json, NAME.npz.
        refined: the faces that refiners have touched up.
        swapped: the faces that they were made of.
        seconds: what that took.
        crops: the hosts' own faces.
        parsed: what these show, where a refiner has asked.
    """
    files = Files(
        scores=owned(scores, ".parquet"),
        controls=controlled(controls),
        films=owned(films, ".mp4"),
        clips=by_name(settings.clips, clips),
        histories=owned(histories, ".history.parquet"),
        previews=owned(previews, ".previews.mp4"),
        sheets=owned(sheets, ".png"),
        refined=owned(refined, ".parquet"),
        swapped=owned(swapped, ".parquet"),
        seconds=owned(seconds, ".seconds.json"),
        crops=owned(crops, ".parquet"),
        parsed=owned(parsed, ".parsing.parquet"),
    )
    board = scored(files, settings)
    gaps = missing(settings, files)
    with whole_folder(pictures) as folder:
        shown = draw(settings, files, board, folder)
    ranks = over_cases(files, settings, board, labels)
    write(table, board.results(), Result)
    write(ranking, ranks.rows(), Rank)
    write_text(summary, json.dumps(board.summary(), indent=2, allow_nan=False) + "\n")
    drawn = shown.within(pictures)
    write_text(report, page(settings, files, board, gaps, drawn, report.parent, ranks))
    log.info("%d films compared, %d things missing", len(films), len(gaps))


def scored(files: Files, told: Comparison, only: Frames | None = None) -> Board:
    """What every variant and every control scores; where frames are given, in these alone."""
    variants: dict[str, dict[str, dict[str, Estimate]]] = {}
    for name in told.variants:
        owner = told.owner("evaluate", name)
        found = {swap: files.scores.get((owner, swap)) for swap in told.swaps}
        variants[name] = measured(found, only)
    controls = {
        control: measured({swap: files.controls.get((control, swap)) for swap in told.swaps}, only)
        for control in CONTROLS
    }
    return Board(variants, controls)


def measured(
    found: dict[str, Path | None], only: Frames | None = None
) -> dict[str, dict[str, Estimate]]:
    """The scores in these files, by swap."""
    if only is None:
        return {swap: estimates(read(path, Score), swap) for swap, path in found.items() if path}
    return {
        swap: estimates([row for row in read(path, Score) if row.frame in only[swap]], swap)
        for swap, path in found.items()
        if path and only.get(swap)
    }


def over_cases(files: Files, told: Comparison, board: Board, labels: tuple[Path, ...]) -> Ranking:
    """The recipes in order, over all frames and in those that are hard by the labels."""
    by_case: dict[str, dict[str, set[int]]] = {}
    for swap, known in rendered(told, labels):
        for case, frames in cases(known).items():
            if frames:
                by_case.setdefault(case, {})[swap] = frames
    boards = {ALL: board} | {case: scored(files, told, only) for case, only in by_case.items()}
    every = [
        max((one.n for found in scores.values() for one in found.values()), default=0)
        for scores in by_swap(board).values()
    ]
    counts = {ALL: sum(every)} | {
        case: sum(map(len, only.values())) for case, only in by_case.items()
    }
    return ranked(boards, told, counts)


def by_swap(board: Board) -> dict[str, dict[str, Mapping[str, Estimate]]]:
    """The scores of all variants, swap by swap."""
    found: dict[str, dict[str, Mapping[str, Estimate]]] = {}
    for name, scores in board.variants.items():
        for swap, score in scores.items():
            found.setdefault(swap, {})[name] = score
    return found


def rendered(told: Comparison, labels: tuple[Path, ...]) -> Iterator[tuple[str, Shot]]:
    """All that is known of each swap's truth, where it was rendered."""
    there = set(labels)
    for name, swap in told.swaps.items():
        path = told.clips.get(swap.truth) if swap.truth else None
        film = Path(path) if path else None
        if film and there >= {film.with_suffix(ending) for ending in LABELS}:
            yield name, shot(film.parent, film.stem)


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
