"""A host's shot with a donor's face, exactly: where faces are exchanged, and how they are joined.

From the host: head, neck, ears, scalp, body, clothes, hair, glasses, scene, motion, and the tone of
the skin. From the donor: inside the mask the geometry, the skin's detail, eyes, brows and lashes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from faceloom.actors.body import SKIN, Body
from faceloom.actors.formats import Positions

AXIS = 0.45  # dm in front of the middle of the head, what is behind is never face
MIDDLE = 7.92  # the height that the mask is centred at
ACROSS = 68.0  # degrees from the front at which it ends, about the head's axis
UP, DOWN = 0.74, 0.70  # dm from its middle at which it ends
INNER, OUTER = 0.80, 1.06  # shares of these at which it begins to fade and has faded
INSIDE = ("eye", "teeth", "lash", "tongue")


def exchanged(body: Body) -> NDArray[np.float64]:
    """How much of each vertex is the donor's: (V,) in 0..1, on the base mesh."""
    placed = body.centred(body.mesh.positions)
    across = np.degrees(np.arctan2(np.abs(placed[:, 0]), placed[:, 2] - AXIS))
    above = placed[:, 1] - MIDDLE
    tall = np.where(above > 0, above / UP, -above / DOWN)
    far = np.hypot(across / ACROSS, tall)
    share = np.clip((OUTER - far) / (OUTER - INNER), 0, 1)
    share = share * share * (3 - 2 * share)
    share[(placed[:, 2] < AXIS) | (body.weights[:, 3] < 0.5)] = 0
    for name, members in body.groups.items():
        if any(word in name for word in INSIDE):
            share[members] = 1
    return share


def onto(
    moved: Positions, fixed: Positions, weights: NDArray[np.float64]
) -> Callable[[Positions], Positions]:
    """The similarity that takes one shape nearest to another (Umeyama 1991), weighted by (V,)."""
    share = weights / weights.sum()
    from_middle, to_middle = share @ moved, share @ fixed
    one, other = moved - from_middle, fixed - to_middle
    left, sizes, right = np.linalg.svd((one * share[:, None]).T @ other)
    mirrored = np.diag([1, 1, np.sign(np.linalg.det(left @ right))])
    rotation = left @ mirrored @ right
    scale = np.trace(np.diag(sizes) @ mirrored) / (share[:, None] * one**2).sum()
    return lambda positions: scale * (positions - from_middle) @ rotation + to_middle


def laid_on(
    host: Positions, donor: Positions, share: NDArray[np.float64], head: NDArray[np.float64]
) -> Callable[[Positions], Positions]:
    """How a donor's body, at rest, is laid on a host's so that the ring where they meet fits.

    Args:
        host: (V, 3) at rest.
        donor: (V, 3) at rest.
        share: (V,) how much is the donor's.
        head: (V,) how much goes with the head.
    """
    ring = share * (1 - share) * (head > 0.9) + 1e-9
    ring[SKIN:] = 1e-12
    return onto(donor, host, ring)


def joined(host: Positions, donor: Positions, share: NDArray[np.float64]) -> Positions:
    """Host and laid-on donor as one body."""
    mixed: Positions = host * (1 - share[:, None]) + donor * share[:, None]
    return mixed
