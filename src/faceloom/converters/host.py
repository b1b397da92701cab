"""A host's face, as a converter sees it."""

from dataclasses import dataclass

import numpy as np

from ..pixels.semantics import Map


@dataclass(frozen=True)
class Host:
    """A face to be replaced.

    image: RGB uint8 (S, S, 3); mask: float32 (S, S) in 0..1; points: (68, 2) in the crop;
    pose: yaw, pitch and roll in degrees, where they are known; track: whose path it is on;
    map: what its pixels show, where that is asked for; painted: whether by a person's colours.
    """

    host: str
    donor: str
    track: int
    image: np.ndarray
    mask: np.ndarray
    points: np.ndarray
    pose: np.ndarray | None = None
    map: Map | None = None
    painted: bool = False


@dataclass(frozen=True)
class New:
    """What takes its place: RGB uint8 (S, S, 3), and its mask, float32 (S, S) in 0..1."""

    image: np.ndarray
    mask: np.ndarray
