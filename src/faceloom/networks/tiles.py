"""Pictures' pyramids laid out on tiles, ready for dlib's face detector.

On CPUs by OpenCV, twice as fast as torch there; elsewhere by torch, where the pictures go first
and stay. Both are dlib's bilinear resizing, corner to corner, each level made of the one before it,
but for the rounding of its steps: a score differs by some 1e-5 at most.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from faceloom.networks.dlib_modules import SCALE, normalised
from faceloom.networks.pyramid import Size, Tile

Images = NDArray[np.uint8]
Pixels = NDArray[np.float32]


def tiles(
    images: Images,
    means: tuple[float, ...],
    *,
    left_out: Sequence[Size],
    layout: Tile,
    device: torch.device,
) -> Tensor:
    """Tiles (B, 3, h, w) of images (B, H, W, 3), float32, channels last.

    Args:
        images: RGB uint8, contiguous.
        means: of red, green and blue, which are taken off.
        left_out: sizes of levels that are on the way but not on the tile.
        layout: where the levels after these lie on the tile.
        device: where the tiles are wanted.
    """
    if device.type == "cpu":
        drawn = [drawn_by_cv2(floats(image, means), left_out, layout) for image in images]
        return torch.from_numpy(np.stack(drawn)).permute(0, 3, 1, 2)
    pictures = torch.from_numpy(images).to(device).permute(0, 3, 1, 2)
    return drawn_by_torch(normalised(pictures, means), left_out, layout)


def floats(image: Images, means: tuple[float, ...]) -> Pixels:
    """A picture (H, W, 3) as the network wants its numbers."""
    each = np.arange(256, dtype=np.float32)[None, :, None]
    each = (each - np.array(means, np.float32)) * np.float32(1 / SCALE)
    return cv2.LUT(image, each).astype(np.float32, copy=False)


def drawn_by_cv2(level: Pixels, left_out: Sequence[Size], layout: Tile) -> Pixels:
    """The tile (h, w, 3) of a picture (H, W, 3); 0 between the levels."""
    for size in left_out:
        level = shrunk(level, size)
    canvas = np.zeros((layout.height, layout.width, 3), np.float32)
    before = None
    for place in layout.levels:
        here = canvas[place.top : place.bottom + 1, place.left : place.right + 1]
        if before and place.meets(before):  # tiny pictures: still read, so not drawn yet
            level = shrunk(level, place.size)
            here[:] = level
        else:
            level = shrunk(level, place.size, here)
        before = place
    return canvas


def shrunk(level: Pixels, size: Size, into: Pixels | None = None) -> Pixels:
    """The level (H, W, 3) at another size, in pixels that are there, if any are."""
    height, width, _ = level.shape
    if (width, height) == size:
        if into is None:
            return level
        into[:] = level
        return into
    across, down = (
        (old - 1) / max(new - 1, 1) for old, new in zip((width, height), size, strict=True)
    )
    return warped(level, across, down, (0, 0), size, into)


def warped(
    level: Pixels,
    across: float,
    down: float,
    first: tuple[float, float],
    size: Size,
    into: Pixels | None = None,
) -> Pixels:
    """Pixels between those of a level, from a first place on, so far apart."""
    matrix = np.array([[across, 0, first[0]], [0, down, first[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    border = cv2.BORDER_REPLICATE
    pixels = cv2.warpAffine(level, matrix, size, into, flags=flags, borderMode=border)
    return pixels.astype(np.float32, copy=False)


def drawn_by_torch(level: Tensor, left_out: Sequence[Size], layout: Tile) -> Tensor:
    """The tiles (B, 3, h, w) of pictures (B, 3, H, W); 0 between the levels."""
    shape = (len(level), layout.height, layout.width, 3)
    canvas = torch.zeros(shape, device=level.device).permute(0, 3, 1, 2)
    for size in left_out:
        level = resized(level, size)
    for place in layout.levels:
        level = resized(level, place.size)
        canvas[:, :, place.top : place.bottom + 1, place.left : place.right + 1] = level
    return canvas


def resized(level: Tensor, size: Size) -> Tensor:
    """The level (B, 3, H, W) at another size."""
    width, height = size
    if level.shape[2:] == (height, width):
        return level
    return F.interpolate(level, (height, width), mode="bilinear", align_corners=True)
