"""track: from faces in frames to the paths that people's faces take.

Every path has a filter of its own.  A path ends where a scene ends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..geometry.boxes import centre, overlaps
from ..parts import build
from ..rows.detections import Detection
from ..rows.frames import Frame
from ..rows.sightings import Sighting
from ..settings import Track
from ..tables import read, write

log = logging.getLogger(__name__)

RECENT = 5  # faces of a path that tell how it moves

Chain = list[Detection]  # of one face, in order of time


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


def follow(found: list[Detection], scenes: list[int], settings: Track) -> list[Chain]:
    """Faces as paths: each frame's boxes given to the paths that they overlap most, all at once."""
    done: list[Chain] = []
    open_: list[Chain] = []
    for faces in by_frame(found):
        now = faces[0].frame
        done += [path for path in open_ if not linked(path[-1].frame, now, scenes, settings.gap)]
        open_ = [path for path in open_ if linked(path[-1].frame, now, scenes, settings.gap)]
        owners = paired(open_, faces, settings.overlap)
        for path, face in owners.items():
            open_[path].append(faces[face])
        taken = set(owners.values())
        open_ += [[face] for number, face in enumerate(faces) if number not in taken]
    return sorted(done + open_, key=lambda path: (path[0].frame, path[0].box))


def paired(paths: list[Chain], faces: list[Detection], least: float) -> dict[int, int]:
    """Which path goes on with which face of a frame.

    First by where each path would be by now, then, for those that are left, by where it was. So
    who crosses another goes on with their own face, and who stops while not seen is found too.
    """
    pairs: dict[int, int] = {}
    for place in (expected, last):
        free = [path for path in range(len(paths)) if path not in pairs]
        rest = sorted(set(range(len(faces))) - set(pairs.values()))
        boxes = np.array([place(paths[path], faces[0].frame) for path in free])
        shared = overlaps(boxes.reshape(-1, 4), np.array([faces[face].box for face in rest]))
        shared[shared < least] = 0
        # seen a while ago counts less: a face that hides another is not the other
        age = np.array([faces[0].frame - paths[path][-1].frame for path in free])
        for one, other in zip(*linear_sum_assignment(-shared / age[:, None]), strict=True):
            if shared[one, other]:
                pairs[free[one]] = rest[other]
    return pairs


def expected(path: Chain, now: int) -> np.ndarray:
    """The box where a path would be by now, going on as over its last few faces."""
    late, early = path[-1], path[-RECENT:][0]
    span = max(late.frame - early.frame, 1)
    step = (centre(np.array(late.box)) - centre(np.array(early.box))) / span
    return last(path, now) + np.tile(step * (now - late.frame), 2)


def last(path: Chain, _now: int) -> np.ndarray:
    """The box where a path was seen last."""
    return np.array(path[-1].box)


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


def steadied(path: Chain, number: int, settings: Track) -> Iterator[Sighting]:
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
