"""BlazeFace (Bazarevsky et al. 2019, arXiv 1907.05047), the short-range one: faces in a picture."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from faceloom.geometry.boxes import overlaps
from faceloom.networks.padding import deeper, same

SIZE = 128  # pixels a side of a picture
LARGEST = 100.0  # a score is cut there before the sigmoid
OVERLAP = 0.3  # faces that share more of their union are one

# channels of each block, and its stride
FINE = [(24, 1), (28, 1), (32, 2), (36, 1), (42, 1), (48, 2), (56, 1), (64, 1), (72, 1), (80, 1)]
FINE += [(88, 1)]
COARSE = [(96, 2), (96, 1), (96, 1), (96, 1), (96, 1)]
GRIDS = ((16, 2), (8, 6))  # places a side, and anchors at each
NUMBERS = 16  # of an anchor: centre, size, and six points


class BlazeFace(nn.Module):
    """What each of 896 anchors sees: a face's box, six points of it, and how sure it is."""

    anchors: Tensor

    def __init__(self) -> None:
        """Untaught; the parameters are in the order they are used."""
        super().__init__()
        self.stem = nn.Conv2d(3, 24, 5, stride=2)
        self.fine = blocks(24, FINE)
        self.coarse = blocks(88, COARSE)
        self.scores = nn.ModuleList([nn.Conv2d(88, 2, 1), nn.Conv2d(96, 6, 1)])
        self.places = nn.ModuleList([nn.Conv2d(88, 2 * NUMBERS, 1), nn.Conv2d(96, 6 * NUMBERS, 1)])
        self.register_buffer("anchors", anchors(), persistent=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Faces of pictures (B, 3, 128, 128), RGB in [-1, 1].

        Returns:
            Places (B, 896, 8, 2), in shares of the picture's sides from its left upper corner: a
            box's left top and right bottom, then right eye, left eye, nose, mouth, right ear, left
            ear, the person's own; scores (B, 896) in [0, 1].
        """
        fine = self.fine(F.relu(self.stem(same(pictures, 5, 2))))
        maps = (fine, self.coarse(fine))
        scores = by_anchor(self.scores, maps, 1)[..., 0]
        return self.placed(by_anchor(self.places, maps, NUMBERS) / SIZE), sure(scores)

    def placed(self, told: Tensor) -> Tensor:
        """From centre, size and points, all about the anchor, to places in the picture."""
        about = told.reshape(len(told), -1, NUMBERS // 2, 2)
        centre, half = about[:, :, :1] + self.anchors, about[:, :, 1:2] / 2
        points = about[:, :, 2:] + self.anchors
        return torch.cat([centre - half, centre + half, points], 2)


class Block(nn.Module):
    """Two convolutions beside what they change; where the first halves, so does the largest."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        """Untaught."""
        super().__init__()
        self.stride, self.outputs = stride, outputs
        self.depthwise = nn.Conv2d(inputs, inputs, 3, stride, groups=inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(B, C, h, w) to (B, D, h / stride, w / stride)."""
        changed = self.pointwise(self.depthwise(same(features, 3, self.stride)))
        beside = F.max_pool2d(features, 2) if self.stride == 2 else features
        return F.relu(changed + deeper(beside, self.outputs))


def blocks(inputs: int, specified: list[tuple[int, int]]) -> nn.Sequential:
    """Blocks one after the other."""
    before = [inputs, *(outputs for outputs, _ in specified)]
    return nn.Sequential(*(Block(b, *block) for b, block in zip(before, specified, strict=False)))


def by_anchor(heads: nn.ModuleList, maps: tuple[Tensor, Tensor], numbers: int) -> Tensor:
    """What heads say of their maps, (B, 896, numbers): row by row, the finer map first."""
    said = [head(features) for head, features in zip(heads, maps, strict=True)]
    return torch.cat([each.permute(0, 2, 3, 1).reshape(len(each), -1, numbers) for each in said], 1)


def sure(scores: Tensor) -> Tensor:
    """In [0, 1]."""
    return scores.clamp(-LARGEST, LARGEST).sigmoid()


def anchors() -> Tensor:
    """The anchors' centres (896, 1, 2), in shares of the picture's sides."""
    found = []
    for side, each in GRIDS:
        middles = (torch.arange(side) + 0.5) / side
        down, right = torch.meshgrid(middles, middles, indexing="ij")
        found.append(torch.stack([right, down], -1).reshape(-1, 1, 2).repeat_interleave(each, 0))
    return torch.cat(found)


def faces(
    places: NDArray[np.floating], scores: NDArray[np.floating], least: float = 0.5
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The faces of one picture, the surest first: anchors that see the same one are averaged.

    Args:
        places: (896, 8, 2) of the network.
        scores: (896,) of the network; the averages are weighted by them.
        least: anchors that are less sure see nothing.

    Returns:
        Places (N, 8, 2); scores (N,), each that of the surest anchor.
    """
    order = np.argsort(-scores, kind="stable")
    left = order[scores[order] >= least]
    found, sure = [], []
    while left.size:
        boxes = places[left, :2].reshape(-1, 4)
        alike = overlaps(boxes[:1], boxes)[0] > OVERLAP
        alike[0] = True
        found.append(np.average(places[left[alike]], axis=0, weights=scores[left[alike]]))
        sure.append(scores[left[0]])
        left = left[~alike]
    return np.array(found, np.float64).reshape(-1, 8, 2), np.array(sure, np.float64)
