"""track: from faces in frames to the paths that people's faces take.

Every path has a filter of its own.  A path ends where a scene ends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..geometry.boxes import overlaps
from ..parts import build
from ..rows.detections import Detection
from ..rows.frames import Frame
from ..rows.sightings import Sighting
from ..settings import Track
from ..tables import read, write

log = logging.getLogger(__name__)


def track(frames: Path, detections: Path, sightings: Path, settings: Track) -> None:
    """Follow faces through a clip and steady them.

    Args:
        frames: the list of the clip's frames, which tells the scenes apart.
        detections: the faces found in each frame.
        sightings: where the followed faces go.
        settings: how to link and to steady, as JSON.
    """
    listed = read(frames, Frame)
    paths = follow(read(detections, Detection), [frame.scene for frame in listed], settings)
    shortest = min(settings.shortest, len(listed))
    kept = [path for path in paths if len(path) >= shortest]
    rows = sorted(
        (row for number, path in enumerate(kept) for row in steadied(path, number, settings)),
        key=lambda row: (row.frame, row.track),
    )
    write(sightings, rows, Sighting)
    log.info("%d kept, %d too short", len(kept), len(paths) - len(kept))


def follow(found: list[Detection], scenes: list[int], settings: Track) -> list[list[Detection]]:
    """Faces as paths: each frame's boxes given to the paths they overlap most, all at once."""
    done: list[list[Detection]] = []
    open_: list[list[Detection]] = []
    for faces in by_frame(found):
        now = faces[0].frame
        alive = [path for path in open_ if linked(path[-1].frame, now, scenes, settings.gap)]
        done += [path for path in open_ if path not in alive]
        shared = overlaps(
            np.array([path[-1].box for path in alive]).reshape(-1, 4),
            np.array([face.box for face in faces]),
        )
        taken = set()
        for path, face in zip(*linear_sum_assignment(-shared), strict=True):
            if shared[path, face] >= settings.overlap:
                alive[path].append(faces[face])
                taken.add(face)
        open_ = alive + [[face] for number, face in enumerate(faces) if number not in taken]
    return sorted(done + open_, key=lambda path: (path[0].frame, path[0].box))


def by_frame(found: list[Detection]) -> Iterator[list[Detection]]:
    """The faces of each frame that has some."""
    frames: dict[int, list[Detection]] = {}
    for face in found:
        frames.setdefault(face.frame, []).append(face)
    for frame in sorted(frames):
        yield frames[frame]


def linked(before: int, now: int, scenes: list[int], gap: int) -> bool:
    """Whether a face may be the same in both frames: near in time, and in one scene."""
    return now - before <= gap + 1 and scenes[before] == scenes[now]


def steadied(path: list[Detection], number: int, settings: Track) -> Iterator[Sighting]:
    """A row for every frame from the path's first to its last; what was not seen is bridged."""
    first = path[0].frame
    length = path[-1].frame - first + 1
    boxes, points = np.full((length, 4), np.nan), np.full((length, 136), np.nan)
    for face in path:
        boxes[face.frame - first] = face.box
        points[face.frame - first] = face.landmarks
    bridged = np.isnan(boxes[:, 0])
    width = float(np.nanmedian(boxes[:, 2] - boxes[:, 0]))
    boxes = build(settings.box)(boxes, width)
    points = build(settings.landmarks)(points, width)
    for row in range(length):
        yield Sighting(
            first + row, number, boxes[row].tolist(), points[row].tolist(), bool(bridged[row])
        )
