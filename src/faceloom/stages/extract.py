"""extract: from a clip to an index of its frames: when they are shown and what they are like.

No pixels are kept: whoever needs them decodes the clip again, at hundreds of frames a second.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from ..errors import FaceloomError
from ..media import Picture, pictures
from ..pixels.sharpness import sobel
from ..rows.frames import Frame
from ..settings import Extract
from ..tables import write

log = logging.getLogger(__name__)

BINS = 16  # of hue and of saturation, to tell scenes apart
SMALL = (64, 64)  # what two frames are compared at


def extract(clip: Path, frames: Path, settings: Extract) -> None:
    """List the frames of a clip: when they are shown, how sharp they are, where scenes begin.

    Args:
        clip: a video, or a folder or zip of pictures, or a single picture.
        frames: where the list goes.
        settings: what counts as a new scene and as a duplicate, as JSON.
    """
    shown = pictures(clip, rate=Fraction(settings.rate).limit_denominator(1001))
    count = write(
        frames, indexed(tqdm(shown, clip.name, disable=None, unit="frame"), settings), Frame
    )
    if not count:
        raise FaceloomError(f"{clip}: not a single frame in it; is it broken?")
    log.info("%d frames", count)


def indexed(shown: Iterable[Picture], settings: Extract) -> Iterator[Frame]:
    """A row for each frame, told from the one before it, or from the last that is no duplicate."""
    scene = 0
    before: np.ndarray | None = None
    last: np.ndarray | None = None
    for picture in shown:
        colours, small = gist(picture.image)
        cut = before is not None and change(before, colours) > settings.cut
        same = last is not None and float(cv2.absdiff(last, small).mean()) <= settings.same
        scene += cut
        yield Frame(
            frame=picture.frame,
            ticks=picture.ticks,
            length=picture.length,
            timebase=str(picture.timebase),
            seconds=float(picture.ticks * picture.timebase),
            duration=float(picture.length * picture.timebase),
            keyframe=picture.keyframe,
            sharpness=sobel(picture.image, np.ones(picture.image.shape[:2], np.float32)),
            scene=scene,
            duplicate=same,
        )
        before = colours
        last = last if same else small


def gist(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A frame's histogram of hue and saturation, which sums to 1, and the frame made small."""
    small = cv2.resize(image, SMALL, interpolation=cv2.INTER_AREA)
    colours = cv2.cvtColor(small, cv2.COLOR_RGB2HSV)
    histogram = cv2.calcHist([colours], [0, 1, 2], None, [BINS, 8, 8], [0, 180, 0, 256, 0, 256])
    return histogram / histogram.sum(), small


def change(one: np.ndarray, two: np.ndarray) -> float:
    """How much of the colours is elsewhere: half the sum of differences, 0 to 1."""
    return float(np.abs(one - two).sum() / 2)
