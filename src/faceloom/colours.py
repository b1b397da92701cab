"""How the colours of a person's faces lie, and how they are moved to everybody's mean."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .pixels.colour import Moments, moments

Lists = tuple[list[float], list[float]]


def measured(faces: Iterable[tuple[np.ndarray, np.ndarray]]) -> Lists:
    """Mean and spread of L*a*b* over many faces, each an RGB uint8 crop with its mask (0 to 1)."""
    each = [moments(image, mask) for image, mask in faces if mask.any()]
    means, spreads = (np.array(values) for values in zip(*each, strict=True))
    mean = means.mean(axis=0)
    spread = np.sqrt((spreads**2 + (means - mean) ** 2).mean(axis=0))
    return mean.tolist(), spread.tolist()


def common(people: Iterable[Lists]) -> Lists:
    """Halfway between everybody."""
    means, spreads = (np.array(values) for values in zip(*people, strict=True))
    return means.mean(axis=0).tolist(), spreads.mean(axis=0).tolist()


def as_moments(lists: Lists) -> Moments:
    """The same as arrays."""
    return np.array(lists[0]), np.array(lists[1])
