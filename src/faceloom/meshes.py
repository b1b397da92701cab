"""Faces as meshes: 478 points in space, of every face of a picture at once."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.geometry import meshes
from faceloom.geometry.arrays import Matrix
from faceloom.networks.face_landmarker import FaceLandmarker
from faceloom.networks.face_mesh import POINTS, SIZE
from faceloom.pixels.warps import cut

Image = NDArray[np.uint8]
Mesh = NDArray[np.float64]
"""(478, 3): x and y in pixels of the picture, z in the same unit, less towards the camera."""


class Mesher:
    """The network, its weights loaded."""

    def __init__(self, weights: Path, passes: int = 2) -> None:
        """Load face_landmarker.task.

        passes: each looks where the one before has found the face; the first, at a detector's box.
        """
        self.passes = passes
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.file = FaceLandmarker(weights)
        self.network = self.file.landmarks.to(self.device)

    def __call__(self, image: Image, boxes: NDArray[np.floating]) -> NDArray[np.float64]:
        """Meshes (N, 478, 3) of an image (H, W, 3), RGB, by the boxes (N, 4) of its faces."""
        if not len(boxes):
            return np.empty((0, POINTS, 3))
        views = [meshes.upright(np.asarray(box, float), SIZE) for box in boxes]
        found = self.seen([(image, view) for view in views])
        for _ in range(self.passes - 1):
            views = [meshes.levelled(points[:, :2], SIZE) for points in found]
            found = self.seen([(image, view) for view in views])
        return found

    @torch.inference_mode()
    def seen(self, views: list[tuple[Image, Matrix]]) -> NDArray[np.float64]:
        """Meshes (N, 478, 3), each in its picture, as the network sees it through that matrix."""
        crops = np.stack([cut(image, matrix, SIZE) for image, matrix in views])
        pictures = torch.from_numpy(crops).to(self.device).permute(0, 3, 1, 2) / 127.5 - 1
        points, _ = self.network(pictures)
        found = zip(points.cpu().numpy(), views, strict=True)
        return np.array([meshes.to_frame(each, matrix) for each, (_, matrix) in found])
