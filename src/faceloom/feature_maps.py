"""What faces look like to a network: its last map of features, averaged over its places.

Faces that are near each other in it are look-alikes in pose, light and expression as well
(faceswap-GAN, notes 8 and 11), the less in who they are the less the network learnt of that.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from faceloom.geometry import similarity
from faceloom.geometry.arrays import Matrix, Points
from faceloom.images import decode
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.training.precision import fastest, keep_allocator

BATCH = 8  # faces that are looked at at once


def averaged(
    network: nn.Module,
    features: Callable[[Tensor], Tensor],
    *,
    size: int,
    laid: Callable[[Points], Matrix],
) -> Callable[[Iterable[Face]], Iterator[list[float]]]:
    """What gives each face the averaged features, together of length 1, from its crop.

    Args:
        network: what learns no more.
        features: its part from pictures (B, 3, size, size), RGB in [-1, 1], to the last map.
        size: width and height of what it sees.
        laid: from landmarks (68, 2) to the matrix (2, 3) of what it sees.
    """
    keep_allocator()
    device = fastest()
    network.to(device)

    @torch.inference_mode()
    def seen(views: NDArray[np.uint8]) -> list[list[float]]:
        pictures = torch.from_numpy(views).to(device).permute(0, 3, 1, 2) / 127.5 - 1
        found = functional.normalize(features(pictures).float().mean((2, 3)))
        return found.cpu().numpy().astype(float).tolist()  # type: ignore[no-any-return]

    def values(faces: Iterable[Face]) -> Iterator[list[float]]:
        views = (view(face, laid, size) for face in faces)
        while batch := list(islice(views, BATCH)):
            yield from seen(np.stack(batch))

    return values


def view(face: Face, laid: Callable[[Points], Matrix], size: int) -> NDArray[np.uint8]:
    """What a network sees of a face, (size, size, 3); beyond the crop the border is repeated."""
    points = similarity.apply(face.affine, face.points)
    return cut(decode(face.image), laid(points), size)
