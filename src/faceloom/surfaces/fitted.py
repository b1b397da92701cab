"""What a texture needs of a mesh, whoever fits it to faces."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..geometry.arrays import Points

Seen = tuple[NDArray[np.uint8], Points]
"""A picture (H, W, 3), RGB, and the landmarks (68, 2) of the face in it."""


class Chart(Protocol):
    """A mesh laid flat."""

    @property
    def triangles(self) -> NDArray[np.int64]:
        """The three vertices of each, (F, 3); normals point outwards."""

    @property
    def uv(self) -> NDArray[np.floating]:
        """Where each vertex is, (V, 2) in 0..1, v down; the face's halves mirror each other."""


@dataclass(frozen=True)
class Flat:
    """A mesh laid flat, and which of its vertices are eyes and mouth.

    finer: so many of its rings are as wide as one of Google's mesh.
    """

    triangles: NDArray[np.int64]
    uv: NDArray[np.floating]
    eyes: NDArray[np.int64]
    mouth: NDArray[np.int64]
    finer: float = 1


class Fitter(Protocol):
    """What fits a mesh to faces."""

    device: torch.device
    flat: Flat

    def found(self, faces: list[Seen]) -> tuple[Tensor, list[float]]:
        """Meshes float32 (B, V, 3) and how sure each is that a face is there, in 0..1.

        x and y in pixels of the picture, pixel centres at whole numbers, z away from the eye.
        """
