"""What is known of a rendered shot: the files beside it, and how to read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faceloom import tables
from faceloom.errors import FaceloomError
from faceloom.rows.acted import Acted

BACKGROUND, SKIN, HAIR, CLOTH, EYES, MOUTH, OCCLUDER, GLASSES = range(8)
NAMES = ("background", "skin", "hair", "cloth", "eyes", "mouth", "occluder", "glasses")
FACE = (SKIN, EYES, MOUTH)  # what can be the donor's


@dataclass(frozen=True)
class Shot:
    """A rendered shot's labels; T frames of H by W.

    Attributes:
        name: of the shot; a twin's is HOST_as_DONOR.
        film: the H.264 file.
        facts: who, seed, settings, conventions.
        frames: a row a frame.
        seg: (T, H, W) uint8, an index into `NAMES`.
        swap: (T, H, W) uint8, 1 where the face is the donor's, or would be.
        soft: (T, H, W) uint8, the same as 0..255, fading at the seam.
        depth: (T, H, W) float16, decimetres from the camera.
    """

    name: str
    film: Path
    facts: dict[str, Any]
    frames: list[Acted]
    seg: NDArray[np.uint8]
    swap: NDArray[np.uint8]
    soft: NDArray[np.uint8]
    depth: NDArray[np.float16]

    @property
    def points(self) -> NDArray[np.float32]:
        """The 68 landmarks of each frame, pixel centres at whole numbers: (T, 68, 2)."""
        flat = np.array([row.landmarks for row in self.frames], np.float32)
        return flat.reshape(-1, 68, 2)


def shots(folder: Path) -> list[str]:
    """The shots of a folder that are whole, by name; the facts are written last."""
    return sorted(path.stem for path in folder.glob("*.json"))


def shot(folder: Path, name: str) -> Shot:
    """A shot and its labels.

    Raises:
        FaceloomError: where a file of it is missing or broken.
    """
    film, facts = folder / f"{name}.mp4", folder / f"{name}.json"
    masks = folder / f"{name}.npz"
    for path in (film, facts, masks):
        if not path.exists():
            raise FaceloomError(f"{path}: not there; render the shot again")
    try:
        told = json.loads(facts.read_text(encoding="utf-8"))
        with np.load(masks) as arrays:
            seg, swap, soft, depth = (arrays[key] for key in ("seg", "swap", "soft", "depth"))
    except (ValueError, KeyError, OSError):
        raise FaceloomError(f"{masks}: broken; remove it and render the shot again") from None
    rows = tables.read(folder / f"{name}.parquet", Acted)
    return Shot(name, film, told, rows, seg, swap, soft, depth)
