"""detect: from frames to the faces in them, each with landmarks of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..errors import FaceloomError
from ..media import pictures
from ..parts import build
from ..rows.detections import Detection
from ..rows.frames import Frame
from ..settings import Detect
from ..tables import read, write

log = logging.getLogger(__name__)


def detect(
    clip: Path, frames: Path, weights: tuple[Path, ...], detections: Path, settings: Detect
) -> None:
    """Find the faces in every frame of a clip, and the landmarks of each.

    Args:
        clip: the clip itself.
        frames: the list of its frames.
        weights: the files of weights that the detector and the landmarks need.
        detections: where the faces go.
        settings: which detector and which landmarks, as JSON.
    """
    listed = read(frames, Frame)
    count = write(detections, detected(clip, listed, weights, settings), Detection)
    log.info("%d faces in %d frames", count, len(listed))


def detected(
    clip: Path, listed: list[Frame], weights: tuple[Path, ...], settings: Detect
) -> Iterator[Detection]:
    """The faces of every frame; those of a duplicate are the frame's before it."""
    landmarker = build(settings.landmarks, weights)
    found: list[tuple[np.ndarray, float, np.ndarray]] = []
    shown, scene = 0, None
    for picture in tqdm(pictures(clip), clip.name, len(listed), disable=None, unit="frame"):
        shown += 1
        if shown > len(listed):
            continue  # only counted: the clip is not the one that was listed
        facts = listed[picture.frame]
        if facts.scene != scene:  # a detector may remember where faces were: not beyond a cut
            detector, scene = build(settings.detector, weights), facts.scene
        if not facts.duplicate:
            faces = detector(picture.image)
            boxes = np.array([face.box for face in faces]).reshape(-1, 4)
            points = landmarker(picture.image, boxes)
            found = [(f.box, f.score, each) for f, each in zip(faces, points, strict=True)]
        for box, score, each in found:
            yield Detection(picture.frame, box.tolist(), float(score), each.ravel().tolist())
    if shown != len(listed):
        raise FaceloomError(
            f"{clip}: {shown} frames now, {len(listed)} when it was listed; has it been changed?"
        )
