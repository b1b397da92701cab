"""Faces as meshes: 478 points in space, of many faces at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.geometry import meshes, pose, similarity
from faceloom.geometry.arrays import Box, Matrix
from faceloom.geometry.boxes import enclosing
from faceloom.images import decode
from faceloom.networks.face_landmarker import FaceLandmarker
from faceloom.networks.face_mesh import POINTS, SIZE
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.training.precision import fastest, keep_allocator

BATCH = 8  # faces that are looked at at once
Image = NDArray[np.uint8]
Mesh = NDArray[np.float64]
"""(478, 3): x and y in pixels of the picture, z in the same unit, less towards the camera."""
View = tuple[Image, Matrix]
"""A picture, and the matrix of the crop in it that the network sees."""


class Mesher:
    """The network, its weights loaded."""

    def __init__(self, weights: Path, passes: int = 2) -> None:
        """Load face_landmarker.task.

        passes: each looks where the one before has found the face; the first, at a detector's box.
        """
        keep_allocator()
        self.passes = passes
        self.device = fastest()
        self.file = FaceLandmarker(weights)
        self.network = self.file.landmarks.to(self.device)

    def __call__(self, image: Image, boxes: NDArray[np.floating]) -> NDArray[np.float64]:
        """Meshes (N, 478, 3) of an image (H, W, 3), RGB, by the boxes (N, 4) of its faces."""
        found = list(self.all((image, np.asarray(box, float)) for box in boxes))
        return np.array(found).reshape(-1, POINTS, 3)

    def all(self, faces: Iterable[tuple[Image, Box]]) -> Iterator[Mesh]:
        """The mesh of each of many faces, by the box of each in its picture."""
        views = ((image, meshes.upright(box, SIZE)) for image, box in faces)
        while batch := list(islice(views, BATCH)):
            found = self.seen(batch)
            for _ in range(self.passes - 1):
                batch = [
                    (image, meshes.levelled(points[:, :2], SIZE))
                    for (image, _), points in zip(batch, found, strict=True)
                ]
                found = self.seen(batch)
            yield from found

    def seen(self, views: list[View]) -> list[Mesh]:
        """The mesh of each view, in its picture."""
        return [mesh for mesh, _ in self.looked_at(views)]

    @torch.inference_mode()
    def looked_at(self, views: list[View]) -> list[tuple[Mesh, float]]:
        """The mesh of each view, in its picture, and in 0..1 whether a face is there at all."""
        crops = np.stack([cut(image, matrix, SIZE) for image, matrix in views])
        pictures = torch.from_numpy(crops).to(self.device).permute(0, 3, 1, 2) / 127.5 - 1
        points, presence = (each.cpu().numpy() for each in self.network(pictures))
        return [
            (meshes.to_frame(each, matrix), float(face))
            for each, face, (_, matrix) in zip(points, presence, views, strict=True)
        ]

    def of_crops(self, faces: Iterable[Face]) -> Iterator[tuple[Face, Mesh]]:
        """Each face with its mesh in the frame, by its crop; beyond that the border is repeated."""
        waiting: list[Face] = []

        def shown() -> Iterator[tuple[Image, Box]]:
            for face in faces:
                waiting.append(face)
                yield decode(face.image), enclosing(similarity.apply(face.affine, face.points))

        for found in self.all(shown()):
            face = waiting.pop(0)
            plane = similarity.apply(similarity.inverse(face.affine), found[:, :2])
            yield face, np.column_stack([plane, found[:, 2] / similarity.scale(face.affine)])

    def turn(self, mesh: Mesh, size: tuple[int, int]) -> NDArray[np.float64]:
        """How a head is turned (3, 3), by its mesh in a frame of width and height `size`.

        The mean face, turned so that it looks ahead, is fitted to the 33 vertices that Google's
        file calls steady (PnP); what the camera is taken to be, and which way the axes go,
        `geometry.pose.angles` tells.
        """
        mean = self.file.canonical
        steady = np.flatnonzero(mean.steady)
        head = mean.points[steady] * (1, -1, -1) @ pose.turned(0, meshes.LOOKS_DOWN, 0).T
        return pose.turn_of(head, mesh[steady, :2], size)
