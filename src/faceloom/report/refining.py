"""What refiners make of new faces: beside each other, with what it costs and what it changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from faceloom.images import decode, save_picture
from faceloom.pixels.parsing import LABELS
from faceloom.report.board import Board
from faceloom.report.comparison import Comparison
from faceloom.report.contact import sheet, spaced
from faceloom.report.definitions import describe
from faceloom.report.files import Files
from faceloom.report.panels import Image
from faceloom.rows.faces import Face
from faceloom.rows.parsed import Parsed
from faceloom.tables import column, scan

MOMENTS = 5
KNOBS = {"steps": "Iterations against noise", "ratio": "Content against style"}
METRICS = ("donor_distance", "truth_ssim_face", "labelled_ssim_face")
PAINTS = np.array(  # of labels, as maps are shown
    [(60, 60, 70), (230, 190, 160), (110, 70, 40), (80, 120, 190), (250, 250, 250), (190, 40, 60),
     (240, 160, 30), (70, 190, 190)], np.uint8
)  # fmt: skip


@dataclass(frozen=True)
class Strip:
    """One knob of one refiner turned: the variants in its order."""

    swap: str
    knob: str
    variants: tuple[tuple[str, float], ...]

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.swap}.{self.knob}.{self.variants[0][0]}"


@dataclass(frozen=True)
class Line:
    """A variant that refines: by what, and its numbers as they are shown."""

    variant: str
    by: str
    numbers: tuple[str, ...]


def refining(told: Comparison) -> list[str]:
    """The variants that refine, each of which has files of its own."""
    owners = {
        one.owner("refine", name): name
        for name, one in reversed(list(told.variants.items()))
        if one.refined
    }
    return [name for name in told.variants if name in owners.values()]


def drawn(told: Comparison, files: Files, folder: Path) -> dict[str, Path]:
    """For each swap with refined faces: host, new face, map, and what each variant makes of it."""
    made = {}
    for swap in told.swaps:
        rows, heads = gallery(told, files, swap)
        if rows:
            made[swap] = folder / f"{swap}.refined.png"
            save_picture(made[swap], sheet(rows, heads))
    return made


def gallery(told: Comparison, files: Files, swap: str) -> tuple[dict[str, list[Image]], list[str]]:
    """The rows of a swap's sheet by their names, and what is written over its columns."""
    there = {
        name: path
        for name in refining(told)
        if (path := files.refined.get((told.owner("refine", name), swap)))
    }
    if not there:
        return {}, []
    keys = moments(next(iter(there.values())))
    rows: dict[str, list[Image]] = {}
    clip = told.swaps[swap].clip
    for name in there:
        for label, path in (
            ("host, for style", files.crops.get((told.owner("crop", name), clip))),
            (new_face(told, name), files.swapped.get((told.owner("convert", name), swap))),
        ):
            if path and label not in rows:
                rows[label] = shown(path, keys)
        parsed = files.parsed.get((told.owner("measure.parsing", name), clip))
        if parsed and "map" not in rows:
            rows["map"] = maps(parsed, keys)
    rows |= {name: shown(path, keys) for name, path in there.items()}
    wanted = {name: images for name, images in rows.items() if len(images) == len(keys)}
    return wanted, [f"frame {frame}" for frame, _ in keys]


def new_face(told: Comparison, variant: str) -> str:
    """What the row of faces is called that a variant refines."""
    return f"new face of {told.owner('convert', variant)}"


def moments(path: Path) -> list[tuple[int, int]]:
    """Some frames and tracks of a table of faces, evenly over it."""
    every = list(zip(column(path, "frame"), column(path, "track"), strict=True))
    return [every[at] for at in spaced(len(every), min(MOMENTS, len(every)))] if every else []


def shown(path: Path, keys: list[tuple[int, int]]) -> list[Image]:
    """The crops of these frames and tracks."""
    return [decode(face.image) for face in scan(path, Face) if (face.frame, face.track) in keys]


def maps(path: Path, keys: list[tuple[int, int]]) -> list[Image]:
    """What these crops show, in colours."""
    assert len(PAINTS) == len(LABELS)
    rows = (row for row in scan(path, Parsed) if (row.frame, row.track) in keys)
    return [PAINTS[decode(row.labels)] for row in rows]


def strips(told: Comparison, files: Files) -> Iterator[Strip]:
    """Variants that differ from each other in one knob of one refiner alone."""
    for swap in told.swaps:
        for knob in KNOBS:
            alike: dict[str, list[tuple[str, float]]] = {}
            for name in refining(told):
                if (told.owner("refine", name), swap) not in files.refined:
                    continue
                for mark, value in turned(told.variants[name].refined, knob):
                    alike.setdefault(told.owner("convert", name) + mark, []).append((name, value))
            for group in alike.values():
                if len({value for _, value in group}) > 1:
                    yield Strip(swap, knob, tuple(sorted(group, key=lambda one: one[1])))


def turned(parts: Iterable[Mapping[str, Any]], knob: str) -> Iterator[tuple[str, float]]:
    """Each place where the knob is: all the rest as a text, and its value there."""
    every = [dict(part) for part in parts]
    for number, part in enumerate(every):
        if knob in part:
            rest = [*every[:number], {**part, knob: None}, *every[number + 1 :]]
            yield json.dumps(rest, sort_keys=True), float(part[knob])


def draw_strip(strip: Strip, told: Comparison, files: Files, board: Board, folder: Path) -> Path:
    """A strip: the knob's values across, some faces down."""
    paths = [files.refined[told.owner("refine", name), strip.swap] for name, _ in strip.variants]
    keys = moments(paths[0])[:: MOMENTS // 2]
    columns = [shown(path, keys) for path in paths]
    rows = {
        f"frame {frame}": [column[at] for column in columns] for at, (frame, _) in enumerate(keys)
    }
    heads = []
    for name, value in strip.variants:
        sharp = board.scores(name).get(strip.swap, {}).get("sharpness")
        heads.append(f"{strip.knob} {value:g}" + (f" · sharp {sharp.mean:.1f}" if sharp else ""))
    path = folder / f"{strip.name}.png"
    save_picture(path, sheet(rows, heads, host=""))
    return path


def heads(board: Board) -> tuple[str, ...]:
    """What the columns of the table are called."""
    metrics = (describe(name).label for name in METRICS if name in board.metrics())
    return "Seconds a face", "Flicker over the host’s", *metrics


def lines(told: Comparison, files: Files, board: Board) -> list[Line]:
    """Every variant that refines, after those whose faces they refine, in numbers."""
    refined = refining(told)
    bare = dict.fromkeys(told.owner("convert", name) for name in refined)
    names = [*(name for name in bare if not told.variants[name].refined), *refined]
    return [
        Line(
            name,
            words(told.variants[name].refined),
            (seconds(told, files, name), flicker(board, name), *scores(board, name)),
        )
        for name in names
    ]


def words(parts: Iterable[Mapping[str, Any]]) -> str:
    """By what it is refined, and how steadily."""
    said = [
        str(part["kind"]) + (f", steady {part['steady']:g}" if part.get("steady") else "")
        for part in parts
    ]
    return ", then ".join(said) or "nothing"


def seconds(told: Comparison, files: Files, variant: str) -> str:
    """Processor time a face, of all refiners together."""
    owner = told.owner("refine", variant)
    found = [
        json.loads(path.read_text()) for (own, _), path in files.seconds.items() if own == owner
    ]
    count = sum(one["faces"] for one in found)
    if not told.variants[variant].refined or not count:
        return "–"
    return f"{sum(sum(one['seconds']) for one in found) / count:.2g}"


def flicker(board: Board, variant: str) -> str:
    """Of the film over that of the host's own clip."""
    own = board.of(variant, "flicker")
    host = board.of("untouched", "flicker", tuple(board.scores(variant)))
    return f"{own.mean / host.mean:.2f}" if own and host and host.mean else "–"


def scores(board: Board, variant: str) -> Iterator[str]:
    """Identity, and likeness to the truth."""
    for metric in METRICS:
        if metric in board.metrics():
            found = board.of(variant, metric)
            yield describe(metric).number(found.mean) if found else "–"
