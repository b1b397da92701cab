"""The Basel Face Model, fitted by 3DDFA_V2: 38365 points, for research only."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..geometry import similarity
from ..geometry.arrays import Matrix, Points
from ..geometry.boxes import centre, enclosing
from ..networks.tddfa import SIZE, morphable, regressor
from ..pixels.warps import cut
from ..training.precision import fastest
from .fitted import Flat, Seen

EYES, MOUTH = slice(36, 48), slice(48, 68)  # of the 68 landmarks
FINER = 9.0  # its triangles are 85 times as many as Google's


class Tddfa:
    """A fitter. It is always sure: it does not tell whether there is a face."""

    def __init__(self, weights: tuple[Path, ...]) -> None:
        """Load mb1_120x120.pth and the model's files, in the order of `settings.Texture`."""
        self.device = fastest()
        self.network = regressor(weights[0]).to(self.device)
        self.model = morphable(weights[1:]).to(self.device)
        points = self.model.keypoints
        self.flat = Flat(
            self.model.triangles, self.model.uv, points[EYES], points[MOUTH], finer=FINER
        )

    @torch.inference_mode()
    def found(self, faces: list[Seen]) -> tuple[Tensor, list[float]]:
        """Meshes (B, 38365, 3), all of them sure."""
        matrices = [framed(points) for _, points in faces]
        pictures = seen(faces, matrices, SIZE).to(self.device)
        meshes = self.model.points(self.network(pictures))
        return to_frame(meshes, matrices), [1.0] * len(faces)


def framed(points: Points) -> Matrix:
    """The matrix (2, 3) of what the network sees, by 68 landmarks: as 3DDFA_V2 follows a face.

    A square about their box, its side the diagonal of the box's longer side squared.
    """
    box = enclosing(points)
    side = float((box[2:] - box[:2]).max()) * 2**0.5
    return square(centre(box), side, SIZE)


def seen(faces: list[Seen], matrices: list[Matrix], size: int) -> Tensor:
    """What a network sees of faces: (B, 3, S, S), RGB in [-1, 1]."""
    crops = [cut(image, each, size) for (image, _), each in zip(faces, matrices, strict=True)]
    return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2) / 127.5 - 1


def square(middle: Points, side: float, size: int) -> Matrix:
    """The matrix (2, 3) of an upright square of a picture, shown on so many pixels a side."""
    scale = size / side
    return np.column_stack([np.eye(2) * scale, (size - 1) / 2 - scale * np.asarray(middle)])


def to_frame(meshes: Tensor, matrices: list[Matrix]) -> Tensor:
    """Meshes (B, V, 3) in the pictures that these matrices (2, 3), never turned, have shown."""
    back = torch.from_numpy(np.stack([similarity.inverse(each) for each in matrices]))
    back = back.to(meshes)
    scale = back[:, None, :1, 0]
    moved = torch.cat([back[:, :, 2], torch.zeros_like(back[:, :1, 2])], dim=1)
    return meshes * scale + moved[:, None]
