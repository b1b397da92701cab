"""Faces parsed by a network: many crops at once, each seen as the network was taught to see."""

from collections.abc import Iterable, Iterator
from itertools import islice

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.geometry import similarity
from faceloom.geometry.arrays import Matrix, Points
from faceloom.geometry.landmarks import aligned
from faceloom.images import decode, to_planes
from faceloom.networks.face_parser import COVERAGE, SIZE, FaceParser, channels_last
from faceloom.pixels.parsing import Parse
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.training.precision import fastest, keep_allocator

BATCH = 8  # faces that are looked at at once

Image = NDArray[np.uint8]


class Parser:
    """A network that knows what it sees."""

    def __init__(self, network: FaceParser) -> None:
        """network: ready to be asked."""
        keep_allocator()
        self.device = fastest()
        self.network = channels_last(network.to(self.device))

    def of_crops(self, faces: Iterable[Face]) -> Iterator[Parse]:
        """What each crop shows, pixel by pixel."""
        return self.all(
            (decode(face.image), similarity.apply(face.affine, face.points)) for face in faces
        )

    def all(self, shown: Iterable[tuple[Image, Points]]) -> Iterator[Parse]:
        """What each picture shows, by the 68 landmarks of the face in it."""
        rest = iter(shown)
        while batch := list(islice(rest, BATCH)):
            matrices = [aligned(points, SIZE, COVERAGE) for _, points in batch]
            images = [image for image, _ in batch]
            views = [cut(*each, SIZE) for each in zip(images, matrices, strict=True)]
            scores = self.scores(np.stack(views))
            for image, matrix, each in zip(images, matrices, scores, strict=True):
                yield parse(each, matrix, (image.shape[0], image.shape[1]))

    @torch.inference_mode()
    def scores(self, views: Image) -> NDArray[np.float32]:
        """(B, 9, S, S): of the labels and of the face, from views (B, S, S, 3)."""
        pictures = torch.from_numpy(to_planes(views)).to(self.device)
        found = self.network(pictures.to(memory_format=torch.channels_last))
        shares = torch.cat([found.labels.softmax(1), found.face.sigmoid()[:, None]], 1)
        return np.asarray(shares.cpu().numpy())


def parse(scores: NDArray[np.float32], matrix: Matrix, size: tuple[int, int]) -> Parse:
    """A view's scores (9, S, S), laid back into the picture of that height and width.

    What is beyond the view is like its border.
    """
    planes = np.ascontiguousarray(np.moveaxis(scores, 0, -1))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there = np.empty((*size, planes.shape[-1]), np.float32)
    for first in range(0, planes.shape[-1], 4):  # OpenCV takes four channels at most
        some = np.ascontiguousarray(planes[..., first : first + 4])
        laid = cv2.warpAffine(
            some, matrix, size[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        there[..., first : first + 4] = laid.reshape(*size, -1)
    labels = there[..., :-1].argmax(axis=-1).astype(np.uint8)
    return Parse(labels, np.clip(there[..., -1], 0, 1))
