"""What is hard about a frame, by a renderer's labels: a report says where a recipe fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.labels import OCCLUDER, Shot
from faceloom.pixels.masks import hull

NEAR = 2  # frames to either side within which a mouth opens
CLOSED, OPEN = 0.08, 0.2  # jawOpen, of ARKit's units
TURNED = 30.0  # degrees of yaw
COVERED = 0.05  # share of the face that something is before
DARKER, SWUNG = 0.25, 20.0  # share of the key light, degrees that it goes round

Flags = NDArray[np.bool_]


def opening(shot: Shot) -> Flags:
    """Where the mouth opens from closed, within a few frames."""
    jaw = np.array([getattr(row, "jawOpen") for row in shot.frames])  # noqa: B009  # made by name
    found = np.zeros(len(jaw), bool)
    for at in range(len(jaw)):
        near = jaw[max(at - NEAR, 0) : at + NEAR + 1]
        low = int(near.argmin())
        found[at] = near[low] <= CLOSED and near[low:].max() >= OPEN
    return found


def profile(shot: Shot) -> Flags:
    """Where the head is turned far."""
    return np.array([abs(row.yaw) >= TURNED for row in shot.frames])


def occluded(shot: Shot) -> Flags:
    """Where a hand or a microphone is before the face."""
    size = shot.seg.shape[2], shot.seg.shape[1]
    found = []
    for points, kinds in zip(shot.points.astype(np.float64), shot.seg, strict=True):
        face = hull(points, size) > 0.5
        found.append((kinds[face] == OCCLUDER).mean() >= COVERED if face.any() else False)
    return np.array(found, bool)


def relit(shot: Shot) -> Flags:
    """Where the main lamp is much darker or brighter than it mostly is, or has gone round."""
    key = np.array([row.key for row in shot.frames])
    azimuth = np.array([row.azimuth for row in shot.frames])
    level = np.abs(key / np.median(key) - 1) >= DARKER
    return np.asarray(level | (np.abs(azimuth - np.median(azimuth)) >= SWUNG))


def always(said: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]) -> Callable[[Shot], Flags]:
    """What is so of a pair of people in every frame."""
    return lambda shot: np.full(len(shot.frames), said(shot.facts["host"], shot.facts["donor"]))


def dark(person: Mapping[str, Any]) -> bool:
    """Whether somebody's skin is one of the dark ones."""
    return "darkskinned" in person["skin"]["texture"]


CASES: Mapping[str, tuple[str, Callable[[Shot], Flags]]] = {
    "mouth_opening": ("the mouth opens from closed", opening),
    "profile": (f"the head is turned by {TURNED:.0f}° or more", profile),
    "occluded": (f"a hand or microphone hides {COVERED:.0%} of the face or more", occluded),
    "relit": (
        f"the main lamp is {DARKER:.0%} off its usual strength, or has gone round by {SWUNG:.0f}°",
        relit,
    ),
    "dark_skin": ("host or donor has dark skin", always(lambda a, b: dark(a) or dark(b))),
    "light_skin": ("both have light skin", always(lambda a, b: not (dark(a) or dark(b)))),
    "beard": ("host or donor has a beard", always(lambda a, b: bool(a["beard"] or b["beard"]))),
    "glasses": (
        "host or donor wears glasses",
        always(lambda a, b: bool(a["glasses"] or b["glasses"])),
    ),
}
"""Each with what it means, and where it is so."""


def cases(shot: Shot) -> dict[str, set[int]]:
    """The frames of each case."""
    return {
        name: {row.frame for row, so in zip(shot.frames, flags(shot), strict=True) if so}
        for name, (_, flags) in CASES.items()
    }
