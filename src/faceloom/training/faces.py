"""One person's faces, ready to be drawn from."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Pixels = NDArray[np.uint8]


class Sample(NamedTuple):
    """Faces drawn, uint8: pixels (B, S, S, 4), RGB and mask; eyes and landmarks where known."""

    pixels: Tensor
    eyes: Tensor | None = None
    landmarks: Tensor | None = None

    def to(self, device: torch.device) -> "Sample":
        """The same on a device."""
        return Sample(*(None if each is None else each.to(device) for each in self))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Bank:
    """Square faces of one person; arrays may be memory-mapped, only what is drawn is read.

    pixels: (N, S, S, 4) uint8, RGB and mask, 255 = face; weights: (N,) how often each face is
    drawn, relative to the others (None = all alike); eyes: (N, S, S) uint8, 255 = at the eyes;
    landmarks: the same, 255 = on a line between them; None where nobody asks for them.
    """

    pixels: Pixels
    weights: NDArray[np.float64] | None = None
    eyes: Pixels | None = None
    landmarks: Pixels | None = None

    def __post_init__(self) -> None:
        """ValueError where arrays do not go together."""
        if self.pixels.ndim != 4 or self.pixels.shape[3] != 4 or len(self) == 0:
            raise ValueError(f"pixels {self.pixels.shape}: not (faces, side, side, 4)")
        for name in ("eyes", "landmarks"):
            found = getattr(self, name)
            if found is not None and found.shape != self.pixels.shape[:3]:
                raise ValueError(f"{name} {found.shape} do not go with pixels {self.pixels.shape}")
        if self.weights is not None and (
            self.weights.shape != (len(self),)
            or not np.isfinite(self.weights).all()
            or self.weights.min() < 0
            or self.weights.sum() <= 0
        ):
            raise ValueError("weights must be one for each face, not negative, and not all zero")

    def __len__(self) -> int:
        """How many faces there are."""
        return len(self.pixels)

    @property
    def images(self) -> Pixels:
        """(N, S, S, 3) RGB; what is written there is the bank's."""
        return self.pixels[..., :3]

    @property
    def masks(self) -> Pixels:
        """(N, S, S), 255 = face."""
        return self.pixels[..., 3]

    @property
    def size(self) -> int:
        """Pixels a side."""
        return int(self.pixels.shape[1])

    def sample(self, count: int, rng: torch.Generator) -> Sample:
        """So many faces drawn with replacement."""
        draws = torch.rand(count, generator=rng, dtype=torch.float64).numpy()
        drawn = np.searchsorted(self._shares, draws, side="right")
        eyes, landmarks = (
            None if each is None else torch.from_numpy(each[drawn])
            for each in (self.eyes, self.landmarks)
        )
        return Sample(torch.from_numpy(self.pixels[drawn]), eyes, landmarks)

    def colour(self) -> tuple[float, float, float]:
        """The mean red, green and blue of all faces, in [-1, 1]."""
        red, green, blue = self.images.mean((0, 1, 2)) / 127.5 - 1
        return float(red), float(green), float(blue)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """Where each face's part of [0, 1) ends."""
        weights = np.ones(len(self)) if self.weights is None else self.weights
        ends = np.cumsum(weights, dtype=np.float64)
        ends /= ends[-1]
        # Faces of weight zero at the end must stay out of reach of a draw close to 1.
        ends[np.flatnonzero(weights)[-1] :] = 1.0
        return ends
