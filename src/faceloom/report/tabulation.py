"""The scores as tables with a bar in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faceloom.report.board import CONTROLS, Board
from faceloom.report.definitions import Definition, describe
from faceloom.report.statistics import Estimate

CALLED = {"untouched": "untouched host", "twin": "truth"}


@dataclass(frozen=True)
class Cell:
    """A score in a table.

    Attributes:
        mean: as text.
        span: the interval as text.
        frames: of how many frames it is.
        mark: "best" where it is clearly so, "partial" where swaps are missing, or nothing.
        left: where the bar of its interval begins, in per cent of the column's range.
        width: how long the bar is.
        dot: where the mean is.
    """

    mean: str
    span: str
    frames: int
    mark: str
    left: float
    width: float
    dot: float


@dataclass(frozen=True)
class Row:
    """A variant or a control, and its scores, None where it has none."""

    name: str
    label: str
    control: bool
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Table:
    """Scores of all variants, between those of the controls."""

    columns: tuple[Definition, ...]
    rows: tuple[Row, ...]


def tabulate(board: Board, metrics: Sequence[str], swap: str = "") -> Table:
    """The scores of a swap, or of all swaps on average; untouched first, the truth last."""
    first, last = CONTROLS
    names = (first, *board.variants, last)
    columns = [column(board, metric, names, swap) for metric in metrics]
    rows = [
        Row(name, CALLED.get(name, name), name in CONTROLS, tuple(one[at] for one in columns))
        for at, name in enumerate(names)
    ]
    kept = tuple(row for row in rows if not row.control or any(row.cells))
    return Table(tuple(describe(metric) for metric in metrics), kept)


def column(board: Board, metric: str, names: Sequence[str], swap: str) -> list[Cell | None]:
    """A metric of everybody."""
    swaps = [swap] if swap else []
    found = [board.of(name, metric, swaps) for name in names]
    known = [one for one in found if one]
    low, high = min((o.low for o in known), default=0), max((o.high for o in known), default=0)
    ranking = board.ranking(metric, swap)
    best = ranking.leader if ranking and ranking.clear and board.marks else ""
    cells = []
    for name, one in zip(names, found, strict=True):
        partial = not swap and name in board.variants and not board.whole(name, metric)
        mark = "partial" if partial else "best" if name == best else ""
        cells.append(cell(one, describe(metric), mark, low, high) if one else None)
    return cells


def cell(found: Estimate, metric: Definition, mark: str, low: float, high: float) -> Cell:
    """A score, its place within the column's range."""
    scale = 100 / (high - low) if high > low else 0.0
    return Cell(
        mean=metric.number(found.mean),
        span=metric.span(found.low, found.high),
        frames=found.n,
        mark=mark,
        left=round((found.low - low) * scale, 2),
        width=round((found.high - found.low) * scale, 2),
        dot=round((found.mean - low) * scale, 2),
    )
