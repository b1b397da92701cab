"""The family's classic loader, written anew and plainly: one picture after the other, in float64.

As faceswap-GAN v2.2 loads a face: colours of another person's face, floats from -1 to 1 with a
second picture of three channels for the eyes, an affine move, a flip, a warp by a 5x5 grid, and
the target by the similarity that fits the grid best. Each step makes a whole picture. It is told
what was drawn, so that pictures can be compared; where the family's code is half a pixel off, this
is not.
"""

from typing import NamedTuple

import cv2
import numpy as np

SIDE = 64  # pixels a side of what is learnt
RIM = 60 / 256


class Drawn(NamedTuple):
    """What was drawn for one face, as `views.Moves` has it; share: of the other's colours."""

    bends: np.ndarray
    turn: complex
    shift: complex
    mirrored: bool
    share: float
    xyz: bool


def loaded(
    image: np.ndarray, eyes: np.ndarray | None, other: np.ndarray | None, drawn: Drawn
) -> tuple[np.ndarray, np.ndarray]:
    """What is seen and what is wanted: float32 (64, 64, C) in [-1, 1].

    image, other: (S, S, 3) uint8 RGB; eyes: (S, S, 3) uint8, where they are loaded too.
    """
    side = image.shape[0]
    if other is not None and drawn.share:
        image = recoloured(image, other, drawn.share, xyz=drawn.xyz)
    face = image / 255.0 * 2 - 1
    if eyes is not None:
        face = np.concatenate([face, eyes / 255.0], axis=-1)
    if drawn.mirrored:
        face = face[:, ::-1]
    middle = (side - 1) / 2
    turn, shift = drawn.turn, drawn.shift
    # the move is said from new places to old ones, about the middle
    back = np.array(
        [
            [turn.real, -turn.imag, middle + shift.real * side / 2],
            [turn.imag, turn.real, middle + shift.imag * side / 2],
        ]
    )
    back[:, 2] -= back[:, :2] @ [middle, middle]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    face = cv2.warpAffine(
        np.ascontiguousarray(face), back, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    line = np.linspace(-0.5, side - 0.5, 5)
    across = np.broadcast_to(line, (5, 5)) + drawn.bends.real * side / 2
    down = np.broadcast_to(line, (5, 5)).T + drawn.bends.imag * side / 2
    # 5x5 to 80x80, whose inner 64x64 lie between the outermost knots
    maps = [cv2.resize(each, (80, 80))[8:72, 8:72].astype(np.float32) for each in (across, down)]
    warped = cv2.remap(face, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    bent = np.stack([across.ravel(), down.ravel()], axis=-1)
    regular = np.mgrid[0:65:16, 0:65:16].T.reshape(-1, 2) - 0.5
    fitted = umeyama(bent, regular)
    target = cv2.warpAffine(face, fitted, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return warped.astype(np.float32), target.astype(np.float32)


def recoloured(image: np.ndarray, other: np.ndarray, share: float, *, xyz: bool) -> np.ndarray:
    """A picture with mean and spread of another's middle, in part; uint8."""
    rim = round(image.shape[0] * RIM)
    own, goal = image, other
    if xyz:
        own, goal = (cv2.cvtColor(each, cv2.COLOR_RGB2XYZ) for each in (own, goal))
    (mean, spread), (aim, width) = (
        (each[rim:-rim, rim:-rim].mean((0, 1)), each[rim:-rim, rim:-rim].std((0, 1)))
        for each in (own, goal)
    )
    aim, width = share * aim + (1 - share) * mean, share * width + (1 - share) * spread
    moved = np.clip((own - mean) / (spread + 1e-7) * width + aim, 0, 255).astype(np.uint8)
    return cv2.cvtColor(moved, cv2.COLOR_XYZ2RGB) if xyz else moved


def umeyama(points: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The similarity (2, 3) that takes points (K, 2) to others (Umeyama 1991)."""
    mean, goal = points.mean(0), wanted.mean(0)
    covariance = (wanted - goal).T @ (points - mean) / len(points)
    left, values, right = np.linalg.svd(covariance)
    sign = np.diag([1.0, np.sign(np.linalg.det(covariance))])
    turn = left @ sign @ right
    scale = (values * np.diag(sign)).sum() / (points - mean).var(0).sum()
    return np.column_stack([scale * turn, goal - scale * turn @ mean])
