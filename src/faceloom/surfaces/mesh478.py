"""Google's mesh: 468 of its 478 points, and the UV of its mean face."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..geometry import meshes
from ..meshes import Mesher
from ..networks.face_mesh import SIZE
from .fitted import Flat, Seen


class Mesh478:
    """A fitter; what it tells of the irises is left out, for the mean face has none."""

    def __init__(self, weights: tuple[Path, ...]) -> None:
        """Load face_landmarker.task."""
        self.mesher = Mesher(weights[0])
        self.device = self.mesher.device
        mean = self.mesher.file.canonical
        self.flat = Flat(
            mean.triangles,
            mean.uv,
            eyes=np.concatenate(meshes.EYE_RINGS),
            mouth=np.concatenate(meshes.LIP_RINGS),
        )

    def found(self, faces: list[Seen]) -> tuple[Tensor, list[float]]:
        """Meshes (B, 468, 3), and how sure the network is."""
        seen = self.mesher.looked_at(
            [(image, meshes.upright(meshes.whole(points), SIZE)) for image, points in faces]
        )
        points = np.stack([mesh[: meshes.SURFACE] for mesh, _ in seen]).astype(np.float32)
        return torch.from_numpy(points).to(self.device), [sure for _, sure in seen]
