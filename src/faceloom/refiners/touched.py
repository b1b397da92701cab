"""A swapped face, as a refiner sees it."""

from dataclasses import dataclass

import numpy as np

from ..pixels.semantics import Map


@dataclass(frozen=True)
class Touched:
    """A new face, and what it stands for.

    image: the new face, RGB uint8 (S, S, 3); host: the face that was there, likewise;
    mask: where the new one is taken, float32 (S, S) in 0..1; points: (68, 2) in the crop;
    maps: what the new face's pixels show, and the host's, where that is asked for; painted:
    whether by a person's colours, not by the numbers of `pixels.semantics.SHOWN`;
    done: what this refiner has made of it before it was stopped, if it has.
    """

    track: int
    frame: int
    image: np.ndarray
    host: np.ndarray
    mask: np.ndarray
    points: np.ndarray
    maps: tuple[Map, Map] | None = None
    painted: bool = False
    done: np.ndarray | None = None
