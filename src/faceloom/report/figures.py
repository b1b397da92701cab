"""Plots: every variant with its interval between the controls, two metrics at once, training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from faceloom.report.board import CONTROLS, Board
from faceloom.report.definitions import Definition, describe
from faceloom.report.statistics import Estimate
from faceloom.rows.rates import Rate
from faceloom.rows.steps import Step

# Okabe and Ito's colours: people with any kind of colour blindness tell them apart.
VARIANT, UNTOUCHED, TWIN = "#0072B2", "#D55E00", "#009E73"
EVENTS = ("skipped", "diverged", "kept")  # of a training, no losses
LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
INK, FAINT, RULE = "#1c2430", "#5b6472", "#d5d9df"
CALLED = {"untouched": "untouched host", "twin": "truth"}
COLOUR = {"untouched": UNTOUCHED, "twin": TWIN}
MARK = {"untouched": "s", "twin": "D"}
SWAP_MARKS = "o^vPX*<>"

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": FAINT,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.hashsalt": "faceloom",  # equal numbers, equal file
    "svg.fonttype": "path",  # letters as they are here, on every machine
}


@contextmanager
def drawn(path: Path, width: float, height: float) -> Iterator[Figure]:
    """A figure of so many inches, to be drawn into and saved as SVG."""
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        figure = Figure((width, height), layout="constrained")
        yield figure
        nameless = {"Date": None, "Creator": None}
        figure.savefig(path, format="svg", metadata=nameless, transparent=True)


def dots(board: Board, metric: str, path: Path) -> None:
    """A metric of every variant, with its interval, and the controls as bands.

    Small marks are the single swaps, the large dot is their mean.
    """
    definition, names = describe(metric), list(board.variants)
    with drawn(path, 4.7, 1.15 + 0.3 * len(names)) as figure:
        axes = figure.subplots()
        for control in CONTROLS:
            if found := board.of(control, metric):
                band(axes, found, control)
        for row, name in enumerate(names):
            if found := board.of(name, metric):
                one_dot(axes, row, found)
                singles(axes, row, [each[metric].mean for each in board.scores(name).values()
                                    if metric in each])  # fmt: skip
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params("y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.set_title(title(definition), pad=22 if axes.get_legend_handles_labels()[1] else 6)
        legend(axes)


def title(metric: Definition) -> str:
    """A metric's name and direction."""
    unit = f" [{metric.unit}]" if metric.unit else ""
    return f"{metric.label}{unit} – {metric.direction}"


def band(axes: Axes, found: Estimate, control: str) -> None:
    """A control's mean as a line, its interval as a band."""
    axes.axvspan(found.low, found.high, color=COLOUR[control], alpha=0.16, linewidth=0)
    style = "--" if control == "untouched" else "-"
    axes.axvline(
        found.mean, color=COLOUR[control], linewidth=1.3, linestyle=style, label=CALLED[control]
    )


def one_dot(axes: Axes, row: int, found: Estimate) -> None:
    """A mean with its interval."""
    axes.plot([found.low, found.high], [row, row], color=VARIANT, linewidth=2.2,
              solid_capstyle="round", zorder=3)  # fmt: skip
    axes.plot(found.mean, row, "o", color=VARIANT, markersize=6.5, zorder=4)


def singles(axes: Axes, row: int, means: Sequence[float]) -> None:
    """Each swap's mean, small and a little lower."""
    if len(means) > 1:
        for mark, mean in zip(SWAP_MARKS * len(means), means, strict=False):
            axes.plot(mean, row + 0.27, mark, color=FAINT, markersize=3, alpha=0.75, zorder=2)


def legend(axes: Axes) -> None:
    """The controls, named over the plot."""
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 0.985), ncols=2, borderpad=0.2,
                    handlelength=1.8, columnspacing=1.4)  # fmt: skip


def scatter(board: Board, across: str, up: str, path: Path) -> None:
    """Two metrics at once, every variant named, and the controls."""
    with drawn(path, 6.4, 4.1) as figure:
        axes = figure.subplots()
        labels = []
        for name in [*board.variants, *CONTROLS]:
            x, y = board.of(name, across), board.of(name, up)
            if x and y:
                colour, mark = COLOUR.get(name, VARIANT), MARK.get(name, "o")
                axes.plot([x.low, x.high], [y.mean, y.mean], color=colour, linewidth=1, alpha=0.6)
                axes.plot([x.mean, x.mean], [y.low, y.high], color=colour, linewidth=1, alpha=0.6)
                axes.plot(x.mean, y.mean, mark, color=colour, markersize=7)
                labels.append((x.mean, y.mean, CALLED.get(name, name), colour))
        axes.grid()
        axes.margins(0.12, 0.14)
        axes.set_xlabel(f"{describe(across).label}: {describe(across).direction}")
        axes.set_ylabel(f"{describe(up).label}: {describe(up).direction}")
        figure.draw_without_rendering()
        if labels:
            name_points(axes, labels)


def name_points(axes: Axes, labels: Sequence[tuple[float, float, str, str]]) -> None:
    """Names beside their points, each at the first free place, with a line where it is far."""
    points = axes.transData.transform([(x, y) for x, y, _, _ in labels])
    unit = axes.figure.dpi / 72
    taken = [(x - 5 * unit, y - 5 * unit, x + 5 * unit, y + 5 * unit) for x, y in points]
    for (x, y), (across_at, up_at, word, colour) in zip(points, labels, strict=True):
        wide, tall = (len(word) * 5.6 + 2) * unit, 11 * unit
        for across, up in PLACES:
            left = x + 8 * unit if across > 0 else x - 8 * unit - wide
            left = x - wide / 2 if across == 0 else left
            box = (left, y + up * tall - tall / 2, left + wide, y + up * tall + tall / 2)
            if inside(box, axes) and not any(meet(box, other) for other in taken):
                break
        taken.append(box)
        shift = (8 * across, up * 11)
        far = {"arrowstyle": "-", "color": colour, "linewidth": 0.6} if abs(up) > 1 else None
        axes.annotate(
            word, (across_at, up_at), xytext=shift, textcoords="offset points", fontsize=9,
            color=colour, ha={1: "left", 0: "center", -1: "right"}[across], va="center",
            arrowprops=far,
        )  # fmt: skip


PLACES = [(1, 0), (-1, 0), (0, 1), (0, -1)] + [
    (across, sign * up / 2) for up in range(1, 16) for sign in (1, -1) for across in (1, -1)
]
"""Where a name may be: right or left of its point, and how many lines higher."""


def meet(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two boxes (left, bottom, right, top) overlap."""
    return (
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    )  # fmt: skip


def inside(box: Sequence[float], axes: Axes) -> bool:
    """Whether a box is within the plot."""
    room = axes.bbox
    return bool(box[0] >= room.x0 and box[2] <= room.x1 and box[1] >= room.y0 and box[3] <= room.y1)


def losses(history: Sequence[Step], path: Path) -> None:
    """The course of a training: the weighted total, and each loss, a line for each person."""
    kinds: dict[str, dict[str, list[tuple[int, float]]]] = {}
    for row in history:
        if row.loss in EVENTS:
            continue
        kind, _, person = row.loss.partition(".")
        kinds.setdefault(kind, {}).setdefault(person or "all", []).append((row.step, row.value))
    count = max(1, len(kinds))
    columns = min(2, count)
    rows = -(-count // columns)
    with drawn(path, 3.0 * columns + 0.4, 2.2 * rows + 0.2) as figure:
        grid = np.ravel(figure.subplots(rows, columns, squeeze=False))
        for axes, (kind, lines) in zip(grid, kinds.items(), strict=False):
            course(axes, kind, lines)
        for axes in grid[len(kinds) :]:
            axes.set_visible(False)


def rates(found: Sequence[Rate], advised: Sequence[float], said: float, path: Path) -> None:
    """The loss over the learning rate, smoothed and as it was; rates advised, and the one said."""
    tried = [each.rate for each in found]
    smooth = [each.smooth for each in found]
    with drawn(path, 6.0, 3.4) as figure:
        axes = figure.subplots()
        axes.plot(tried, [each.loss for each in found], color=FAINT, linewidth=0.7, label="loss")
        axes.plot(tried, smooth, color=LINES[0], linewidth=1.8, label="smoothed")
        names = ("falls fastest", "a tenth of the least")
        for rate, name, colour in zip(advised, names, LINES[1:], strict=False):
            axes.axvline(rate, color=colour, linewidth=1.2, label=f"{name}: {rate:.2g}")
        axes.axvline(said, color=INK, linewidth=1.2, linestyle=":", label=f"train.rate: {said:.2g}")
        axes.set_xscale("log")
        axes.set_ylim(0, 1.1 * max(smooth))
        axes.set_xlabel("learning rate")
        axes.set_ylabel("total, weighted")
        axes.grid()
        axes.legend(loc="upper left")


def course(axes: Axes, kind: str, lines: Mapping[str, Sequence[tuple[int, float]]]) -> None:
    """One loss over the steps."""
    for colour, (person, points) in zip(LINES * len(lines), lines.items(), strict=False):
        steps, values = np.array(points).T
        axes.plot(steps, values, color=colour, linewidth=1.4, label=person)
    if all(value > 0 for points in lines.values() for _, value in points):
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_title("total, weighted" if kind == "total" else kind)
    axes.set_xlabel("step")
    axes.grid()
    if len(lines) > 1:
        axes.legend(loc="upper right")
