"""Mouth, nose or eyes of a look-alike put into a face (faceswap-GAN, experiment notes, 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from ..geometry.delaunay import triangles, warp, with_border
from ..pixels.colour import match_moments
from ..pixels.masks import dilated, eroded, feathered, parts
from ..pixels.pyramid import blend

LEVELS = 3
SEAM = 2  # pixels to either side of a part's edge, where the seam is looked for


class Grafted(NamedTuple):
    """A face with a part of another, what was put in, and the strength of its seam.

    seam: the gradient along the part's edge in the result, relative to the stronger of what
    the two faces have there by themselves; 1 is no seam at all.
    """

    image: np.ndarray
    part: str
    seam: float


Looks = tuple[np.ndarray, np.ndarray]  # a crop, RGB uint8, and its landmarks (68, 2) in it


def make(
    *, take: tuple[str, ...], grow: float
) -> Callable[[Looks, Looks, np.random.Generator], Grafted]:
    """An augmenter: a face, its look-alike and a generator to the face with one part of it."""

    def grafted(face: Looks, other: Looks, draws: np.random.Generator) -> Grafted:
        part = take[int(draws.integers(len(take)))]
        return graft(face, other, part, grow)

    return grafted


def graft(face: Looks, other: Looks, part: str, grow: float) -> Grafted:
    """One part of the other, bent onto the face's landmarks, coloured like it and blended in."""
    (image, points), (view, places) = face, other
    size = (image.shape[1], image.shape[0])
    targets = with_border(points, size)
    bent = warp(view, with_border(places, view.shape[1::-1]), targets, triangles(targets), size)
    mask = parts(points, (part,), size, 1 + grow)
    bent = match_moments(bent, image, mask, mask)
    soft = feathered(dilated(mask, SEAM), SEAM)
    result = np.clip(np.rint(blend(bent, image, soft, LEVELS)), 0, 255).astype(np.uint8)
    return Grafted(result, part, seam(result, image, bent, mask))


def seam(result: np.ndarray, image: np.ndarray, bent: np.ndarray, mask: np.ndarray) -> float:
    """How much stronger the edges along the mask's own edge are than in the pictures themselves."""
    edge = (dilated(mask, SEAM) - eroded(mask, SEAM)) > 0.5
    if not edge.any():
        return 1.0
    made, ours, theirs = (float(gradient(each)[edge].mean()) for each in (result, image, bent))
    return made / max(ours, theirs, 1.0)


def gradient(image: np.ndarray) -> np.ndarray:
    """The length of the luma's gradient, grey levels a pixel."""
    luma = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1)
    return np.hypot(across, down) / 8
