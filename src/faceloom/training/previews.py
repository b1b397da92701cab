"""Pictures of a training on its way, kept beside the output until they become a film."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import torch

from ..images import encode_png, open_picture
from ..media import Film
from ..models.generator import Generator
from ..tables import whole
from .faces import Bank
from .views import resized

FACES = 4  # of each person
CELL = 96  # pixels a face
BEAT = Fraction(1, 4)  # seconds a picture


class Previews:
    """The same few faces, painted as everybody, again and again."""

    def __init__(self, folder: Path, banks: Mapping[str, Bank], size: int) -> None:
        """Faces evenly out of every bank; pages go into the folder, so that they outlive a kill."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.faces = {person: _some(bank, size) for person, bank in banks.items()}

    def add(self, generator: Generator, step: int) -> None:
        """A page: for each person a row of faces, and below it the same painted as everybody."""
        device = next(generator.parameters()).device
        rows = []
        for faces in self.faces.values():
            given = faces.to(device)
            rows.append(_row(faces))
            for person in self.faces:
                rows.append(_row(generator(given, person).image.float().cpu()))
        page = np.vstack(rows)
        cv2.putText(page, f"{step}", (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 0), 1)
        with whole(self.folder / f"{step:08d}.png") as part:
            part.write_bytes(encode_png(page))

    def pages(self, steps: int) -> Iterator[np.ndarray]:
        """The pages of so many steps, the oldest first."""
        for path in sorted(self.folder.glob("*.png")):
            if int(path.stem) <= steps:
                yield open_picture(path)


def filmed(pages: Iterator[np.ndarray], path: Path) -> None:
    """The pages as a film; one black page where there is none."""
    every = list(pages) or [np.zeros((CELL, CELL, 3), np.uint8)]
    height, width = every[0].shape[:2]
    with Film(path, size=(width, height), timebase=BEAT, rate=1 / BEAT) as film:
        for number, page in enumerate(every):
            film.add(page, number, 1)


def _some(bank: Bank, size: int) -> torch.Tensor:
    """A few faces of a bank as the network is given them."""
    places = np.linspace(0, len(bank) - 1, FACES).round().astype(int)
    pixels = torch.from_numpy(bank.pixels[places]).permute(0, 3, 1, 2)
    return resized(pixels[:, :3].float(), size) / 127.5 - 1


def _row(faces: torch.Tensor) -> np.ndarray:
    """Faces (B, 3, S, S) in [-1, 1] side by side, uint8."""
    images = ((faces.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    return np.hstack(
        [cv2.resize(each, (CELL, CELL), interpolation=cv2.INTER_CUBIC) for each in images]
    )
