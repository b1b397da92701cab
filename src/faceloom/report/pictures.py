"""All pictures of a comparison: plots, contact sheets, films side by side, and films' posters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image as Pillow

from faceloom import media
from faceloom.images import save_picture
from faceloom.report import refining
from faceloom.report.board import Board
from faceloom.report.comparison import Comparison
from faceloom.report.contact import COLUMNS, sheet, spaced
from faceloom.report.figures import dots, losses, scatter
from faceloom.report.files import Files
from faceloom.report.films import compose
from faceloom.report.panels import Image, Panel, panels, sampled
from faceloom.rows.steps import Step
from faceloom.tables import read

POSTER = 640  # pixels of its longer side
LOOK = 960  # pixels of the longer side of what contact sheets are cut from
ACROSS, UP = "donor_distance", "sharpness"


@dataclass(frozen=True)
class Shown:
    """Which pictures there are, and where.

    Attributes:
        folder: where they all lie.
        metrics: the plot of each metric.
        scatter: donor distance against sharpness.
        side_by_side: the film of films of each swap.
        contact: the contact sheet of each swap.
        losses: the plot of each training, by owner and cast.
        posters: what each film shows before it plays.
        refined: the sheet of refined faces of each swap.
        strips: the sheet of each knob that was turned, by its strip's name.
        sizes: width and height of what is shown, by the picture's path.
    """

    folder: Path
    metrics: Mapping[str, Path] = field(default_factory=dict)
    scatter: Path | None = None
    side_by_side: Mapping[str, Path] = field(default_factory=dict)
    contact: Mapping[str, Path] = field(default_factory=dict)
    losses: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    posters: Mapping[Path, Path] = field(default_factory=dict)
    refined: Mapping[str, Path] = field(default_factory=dict)
    strips: Mapping[str, Path] = field(default_factory=dict)

    def within(self, folder: Path) -> Shown:
        """The same pictures in another folder."""

        def moved(path: Path) -> Path:
            return folder / path.name if path.parent == self.folder else path

        return replace(
            self,
            folder=folder,
            metrics={name: moved(path) for name, path in self.metrics.items()},
            scatter=self.scatter and moved(self.scatter),
            side_by_side={swap: moved(path) for swap, path in self.side_by_side.items()},
            contact={swap: moved(path) for swap, path in self.contact.items()},
            losses={training: moved(path) for training, path in self.losses.items()},
            refined={swap: moved(path) for swap, path in self.refined.items()},
            strips={name: moved(path) for name, path in self.strips.items()},
            posters={moved(film): moved(path) for film, path in self.posters.items()},
        )


def draw(told: Comparison, files: Files, board: Board, folder: Path) -> Shown:
    """Make all pictures that the files allow, in this folder."""
    side_by_side: dict[str, Path] = {}
    contact: dict[str, Path] = {}
    posters: dict[Path, Path] = {}
    for swap in told.swaps:
        shown = panels(told, files, swap)
        if any(panel.path in files.films.values() for panel in shown):
            contact[swap] = folder / f"{swap}.contact.png"
            posters |= contact_sheet(swap, shown, contact[swap])
            side_by_side[swap] = folder / f"{swap}.comparison.mp4"
            compose(shown, side_by_side[swap])
            posters[side_by_side[swap]] = poster(
                side_by_side[swap], 0, f"{swap}.comparison", folder
            )
    for (owner, cast), film in files.previews.items():
        posters[film] = poster(film, -1, f"train.{owner}.{cast}", folder)
    plots, both = plotted(board, folder)
    return Shown(
        folder, plots, both, side_by_side, contact, trained(files, folder), posters,
        refined=refining.drawn(told, files, folder),
        strips={
            strip.name: refining.draw_strip(strip, told, files, board, folder)
            for strip in refining.strips(told, files)
        },
    )  # fmt: skip


def plotted(board: Board, folder: Path) -> tuple[dict[str, Path], Path | None]:
    """A plot for each metric, and the one of two at once."""
    plots = {}
    for metric in board.metrics():
        plots[metric] = folder / f"metric.{metric}.svg"
        dots(board, metric, plots[metric])
    if not {ACROSS, UP} <= set(plots):
        return plots, None
    both = folder / f"{ACROSS}.{UP}.svg"
    scatter(board, ACROSS, UP, both)
    return plots, both


def trained(files: Files, folder: Path) -> dict[tuple[str, str], Path]:
    """A plot for each training."""
    plots = {}
    for (owner, cast), history in files.histories.items():
        plots[owner, cast] = folder / f"train.{owner}.{cast}.svg"
        losses(read(history, Step), plots[owner, cast])
    return plots


def contact_sheet(swap: str, shown: list[Panel], path: Path) -> dict[Path, Path]:
    """The contact sheet of a swap; on the way the posters of its films."""
    moments = media.times(shown[0].path)
    frames = spaced(len(moments), COLUMNS)
    rows = {panel.label: sampled(panel.path, frames, LOOK) for panel in shown}
    heads = [f"{float(moments[frame].seconds):.2f} s · frame {frame}" for frame in frames]
    save_picture(path, sheet(rows, heads))
    posters = {}
    for panel in shown:
        name = f"{swap}.{panel.path.parent.name}.{panel.path.stem}.jpg"
        posters[panel.path] = path.with_name(name)
        save_poster(posters[panel.path], rows[panel.label][len(frames) // 2])
    return posters


def poster(film: Path, frame: int, name: str, folder: Path) -> Path:
    """A frame of a film as its poster: from the middle (0) or the end (-1)."""
    count = len(media.times(film))
    path = folder / f"{name}.jpg"
    save_poster(path, media.frame_at(film, count - 1 if frame else count // 2).image)
    return path


def save_poster(path: Path, image: Image) -> None:
    """Write a picture small."""
    small = Pillow.fromarray(image)
    small.thumbnail((POSTER, POSTER))
    small.save(path, quality=82)
