"""Faces in whole pictures: the pyramid, the network over it, and the boxes that it means."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from faceloom.networks.bf16 import kept_in, lowered
from faceloom.networks.dlib_format import read_mmod
from faceloom.networks.doubling import doubled, halved
from faceloom.networks.mmod import Edges, Mmod
from faceloom.networks.pyramid import ascended, sizes, tile
from faceloom.networks.tiles import tiles
from faceloom.networks.windows import around, best, whole
from faceloom.training.precision import Precision

Images = NDArray[np.uint8]
Numbers = NDArray[np.float64]


class Faces(NamedTuple):
    """Boxes (N, 4) in pixels, the last column and row included, and scores (N,), surest first."""

    boxes: Numbers
    scores: Numbers


class Above(NamedTuple):
    """Windows above the threshold: in which picture (N,), around what (N, 2), and scores (N,)."""

    picture: NDArray[np.int64]
    centres: Numbers
    scores: Numbers


class Search:
    """dlib's detector by our network: the same boxes as `dlib.cnn_face_detection_model_v1`."""

    def __init__(
        self,
        weights: Path,
        *,
        upsample: int = 0,
        threshold: float = 0.0,
        precision: Precision = "fp32",
        device: torch.device | str = "cpu",
    ) -> None:
        """Load the network.

        Args:
            weights: mmod_human_face_detector.dat.
            upsample: how often pictures are doubled first.
            threshold: what scores must be above.
            precision: what the network computes in.
            device: where.
        """
        self.windows = read_mmod(weights)
        self.device = torch.device(device)
        network = Mmod(self.windows)
        lower = precision == "bf16"
        self.network = lowered(network, self.device) if lower else network.to(self.device)
        self.upsample, self.threshold = upsample, threshold

    def __call__(self, images: Images, finest: int = 0) -> list[Faces]:
        """The faces in each of several pictures of one size, (B, H, W, 3), RGB uint8.

        Args:
            images: the pictures.
            finest: so many levels of the pyramid are left out, each 5/6 of the one before: no face
                smaller than 80 px / (5/6)^finest is found.
        """
        images = np.ascontiguousarray(images)
        for _ in range(self.upsample):
            images = np.stack([doubled(image) for image in images])
        *left_out, first = sizes(images.shape[2], images.shape[1])[: finest + 1]
        layout = tile(*first)
        means = self.network.means
        drawn = tiles(images, means, left_out=left_out, layout=layout, device=self.device)
        found = self.above(self.scores(drawn))
        boxes = layout.to_picture(around(found.centres, self.windows.window))
        boxes = whole(ascended(boxes, np.full(len(boxes), finest)))
        return [
            self.chosen(boxes[found.picture == number], found.scores[found.picture == number])
            for number in range(len(images))
        ]

    @torch.inference_mode()
    def scores(self, pictures: Tensor, edges: Edges | None = None) -> Tensor:
        """Of every window (B, h, w); none where the pictures (B, 3, H, W) are too small.

        Args:
            pictures: whole tiles, or parts of them.
            edges: where a part of a tile ends with it.
        """
        if min(pictures.shape[2:]) < self.network.least:
            return pictures.new_empty((len(pictures), 0, 0))
        with all_bits(self.device):
            scores: Tensor = self.network(pictures.to(kept_in(self.network)), edges)
        return scores

    def above(self, scores: Tensor) -> Above:
        """Which windows are above the threshold, around which pixels of the tiles."""
        places = (scores > self.threshold).nonzero()
        values = scores[tuple(places.T)].cpu().numpy().astype(float)
        picture, rows, columns = places.cpu().numpy().T
        cells = np.stack([columns, rows], 1).astype(float)
        return Above(picture, cells * self.network.stride + self.network.first, values)

    def chosen(self, boxes: Numbers, scores: Numbers) -> Faces:
        """The best of boxes that mean the same face, in the picture as it was before doubling."""
        kept = best(boxes, scores, self.windows.overlap, self.windows.covered)
        boxes = boxes[kept]
        for _ in range(self.upsample):
            boxes = halved(boxes)
        return Faces(whole(boxes), scores[kept])


def all_bits(device: torch.device) -> AbstractContextManager[object]:
    """fp32 in full: CUDA would drop 13 bits of it in convolutions."""
    if device.type == "cuda":
        return torch.backends.cudnn.flags(enabled=True, allow_tf32=False)
    return nullcontext()
