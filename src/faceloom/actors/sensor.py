"""From light to a picture: exposure, the sensor's noise, the display's curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

EXPOSURE = -0.45  # stops
SHOT, READ = 0.035, 0.012  # noise at its strongest: by the root of the light, and always


def developed(
    light: NDArray[np.floating[Any]], noise: float, draws: np.random.Generator
) -> NDArray[np.uint8]:
    """A picture, RGB uint8, of linear light (H, W, 3).

    `noise` 0..1 scales shot and read noise; equal draws give a clip and its twin equal noise.
    """
    exposed = np.float32(2**EXPOSURE) * light.astype(np.float32)
    if noise:
        grain = draws.standard_normal(exposed.shape).astype(np.float32)
        exposed = exposed + noise * grain * (SHOT * np.sqrt(np.clip(exposed, 0, 1)) + READ * 0.3)
    inside = np.clip(exposed, 0, 1)
    shown = np.where(inside <= 0.0031308, 12.92 * inside, 1.055 * inside ** (1 / 2.4) - 0.055)
    picture: NDArray[np.uint8] = np.rint(255 * shown).astype(np.uint8)
    return picture
