"""Networks that say who it is, and that nothing is taught by: they judge beside dlib's.

SFace and FaceNet learnt from other pictures than dlib's network, and are built otherwise. Each sees
the face as it lay when the network was trained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from faceloom.geometry import similarity
from faceloom.geometry.arrays import Matrix, Points
from faceloom.geometry.landmarks import INNER, LEFT_EYE, RIGHT_EYE
from faceloom.images import decode
from faceloom.networks import facenet, sface
from faceloom.networks.facenet import InceptionResnet, read_facenet
from faceloom.networks.sface import SFace, read_sface
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.training.precision import fastest, keep_allocator

BATCH = 8  # faces that are looked at at once

# Where right eye, left eye, nose, and the corners of the mouth lie on 112 pixels, as ArcFace
# (Deng et al. 2019) and OpenCV's FaceRecognizerSF lay them; right is the person's own.
FIVE = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655)]
    + [(70.7299, 92.2041)]
)
NOSE, RIGHT_CORNER, LEFT_CORNER = 30, 48, 54

# FaceNet's faces are boxes of MTCNN's (Zhang et al. 2016), not turned, with 32 of 160 pixels added,
# and made square. Such a box reaches so far from the middle of the inner points, in units of their
# spread (root mean square): mean over 40 frames of the demo's clips, sides averaged.
MTCNN = np.array([(-1.55, -2.27), (1.55, 1.91)])
MARGIN = 160 / (160 - 32)

Image = NDArray[np.uint8]
Descriptor = NDArray[np.float64]
Shown = tuple[Image, Points]
"""A picture (H, W, 3), RGB, and the landmarks (68, 2) of the face in it."""


@dataclass(frozen=True)
class Judge:
    """A network, and how it is used.

    Attributes:
        read: from the file of weights to the network.
        size: width and height of what it sees.
        laid: from landmarks (68, 2) to the matrix (2, 3) of what it sees.
    """

    read: Callable[[Path], SFace | InceptionResnet]
    size: int
    laid: Callable[[Points], Matrix]


def upright(landmarks: Points) -> Matrix:
    """Of SFace's view: eyes, nose and mouth nearest to where they belong (Umeyama 1991)."""
    eyes = [landmarks[list(eye)].mean(axis=0) for eye in (RIGHT_EYE, LEFT_EYE)]
    five = np.array([*eyes, *landmarks[[NOSE, RIGHT_CORNER, LEFT_CORNER]]])
    return similarity.umeyama(five, FIVE)


def boxed(landmarks: Points, size: int = facenet.SIZE) -> Matrix:
    """Of FaceNet's view: the box that MTCNN would draw, with its margin, on `size` pixels."""
    inner = landmarks[list(INNER)]
    middle = inner.mean(axis=0)
    spread = np.sqrt(np.square(inner - middle).sum(axis=1).mean())
    near, far = middle + MTCNN * spread
    half, centre = (far - near) / 2 * MARGIN, (near + far) / 2
    scale = size / (2 * half)
    return np.column_stack([np.diag(scale), (size - 1) / 2 - scale * centre])


JUDGES = {
    "sface": Judge(read_sface, sface.SIZE, upright),
    "facenet": Judge(read_facenet, facenet.SIZE, boxed),
}


class Describer:
    """A judge's network, its weights loaded."""

    def __init__(self, kind: str, weights: Path) -> None:
        """kind: of JUDGES."""
        keep_allocator()
        self.judge = JUDGES[kind]
        self.device = fastest()
        self.network = self.judge.read(weights).to(self.device)

    def __call__(self, image: Image, landmarks: Points) -> Descriptor:
        """The descriptor, of length 1, of the face with these landmarks (68, 2) in an image."""
        return next(self.all([(image, landmarks)]))

    def all(self, faces: Iterable[Shown]) -> Iterator[Descriptor]:
        """The descriptor of each of many faces, several at a time."""
        judge = self.judge
        views = (cut(image, judge.laid(points), judge.size) for image, points in faces)
        while batch := list(islice(views, BATCH)):
            yield from self.seen(np.stack(batch))

    @torch.inference_mode()
    def seen(self, views: Image) -> NDArray[np.float64]:
        """The descriptors of views (N, S, S, 3)."""
        pictures = torch.from_numpy(views).to(self.device).permute(0, 3, 1, 2) / 127.5 - 1
        numbers: NDArray[np.float64] = self.network(pictures).cpu().numpy().astype(float)
        return numbers

    def of_crops(self, faces: Iterable[Face]) -> Iterator[list[float]]:
        """The descriptor of each face, from its crop."""
        shown = ((decode(face.image), similarity.apply(face.affine, face.points)) for face in faces)
        for descriptor in self.all(shown):
            yield descriptor.tolist()
