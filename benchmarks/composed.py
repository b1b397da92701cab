"""Frames of chosen sizes, composed of the demo's rendered actors: nobody real is in them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from faceloom.media import pictures

DEMO = Path(__file__).parents[1] / "data/demo"

Image = np.ndarray


class Actor(NamedTuple):
    """A clip of an actor on a canvas: how large, where, how it moves; in shares of the height."""

    clip: str
    size: float
    left: float
    top: float
    across: float = 0.0
    grows: float = 1.0


FIVE = (
    Actor("boris_learn", 0.62, 0.02, 0.02),
    Actor("chen_learn", 0.45, 0.66, 0.04),
    Actor("boris", 0.34, 1.14, 0.06),
    Actor("chen", 0.40, 0.75, 0.55),
    Actor("chen_as_boris", 0.32, 1.20, 0.60),
)
TALK = (Actor("boris_learn", 0.85, 0.2, 0.1), Actor("chen_learn", 0.4, 1.16, 0.35))
COMES = (
    Actor("chen_learn", 0.6, 0.05, 0.2),
    Actor("boris_learn", 0.5, 1.9, 0.25, across=-0.035),
)
ZOOM = (Actor("chen_learn", 0.45, 0.3, 0.2, across=0.008, grows=1.012),)


@cache
def shown(clip: str) -> list[Image]:
    """All frames of one of the demo's clips."""
    return [picture.image for picture in pictures(DEMO / f"{clip}.mp4")]


def backdrop(width: int, height: int) -> Image:
    """Soft colours."""
    coarse = np.random.default_rng(1).integers(60, 180, (5, 8, 3), dtype=np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def frame(actors: tuple[Actor, ...], number: int, width: int, height: int) -> Image:
    """The actors at a moment."""
    canvas = backdrop(width, height)
    for actor in actors:
        clip = shown(actor.clip)
        image = clip[number % len(clip)]
        side = height * actor.size * actor.grows**number
        scale = side / image.shape[1]
        left = height * (actor.left + actor.across * number)
        matrix = np.array([[scale, 0, left], [0, scale, height * actor.top]])
        flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        cv2.warpAffine(
            image, matrix, (width, height), canvas, flags, borderMode=cv2.BORDER_TRANSPARENT
        )
    return canvas


def shots(length: int, width: int, height: int) -> Iterator[tuple[int, Image]]:
    """Three scenes of so many frames each: two talk, one comes in, a camera zooms and pans."""
    for scene, actors in enumerate((TALK, COMES, ZOOM)):
        for number in range(length):
            yield scene, frame(actors, number, width, height)
