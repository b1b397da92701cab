"""Crops cut out of frames and laid back."""

from typing import cast

import cv2
import numpy as np

from faceloom.geometry import similarity
from faceloom.geometry.arrays import Matrix, Size
from faceloom.pixels.arrays import Picture

Region = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels; right and bottom are the first outside."""


def cut(image: Picture, matrix: Matrix, size: int) -> Picture:
    """The crop (size, size) that the matrix takes out of a frame.

    Images are cubic, masks (H, W) linear; what lies outside the frame repeats its border. Where
    the crop has less than half the frame's detail, areas are averaged, so that nothing flickers.
    """
    return _seen(image, similarity.inverse(matrix), (size, size), cv2.BORDER_REPLICATE)


def laid(crop: Picture, matrix: Matrix, size: Size) -> Picture:
    """The crop at its place in an otherwise empty frame of width and height `size`.

    Around the crop an image repeats its border, so that no dark seam gets in; a mask is 0.
    """
    return laid_region(crop, matrix, (0, 0, *size))


def laid_region(crop: Picture, matrix: Matrix, region: Region) -> Picture:
    """That region of the laid crop; no work is done for the rest of the frame."""
    left, top, right, bottom = region
    if right <= left or bottom <= top:
        nothing = np.zeros((max(bottom - top, 0), max(right - left, 0), *crop.shape[2:]))
        return cast(Picture, nothing.astype(crop.dtype))
    shift = np.array([[1.0, 0, left], [0, 1.0, top]])
    border = cv2.BORDER_REPLICATE if crop.ndim == 3 else cv2.BORDER_CONSTANT
    return _seen(crop, similarity.compose(matrix, shift), (right - left, bottom - top), border)


def region(matrix: Matrix, crop_size: int, frame_size: Size) -> Region:
    """The smallest part of the frame that holds the whole crop; empty (right = left) if none."""
    near, far = -0.5, crop_size - 0.5
    corners = np.array([[near, near], [far, near], [far, far], [near, far]])
    there = similarity.apply(similarity.inverse(matrix), corners)
    left, top = np.clip(np.floor(there.min(axis=0) + 0.5), 0, frame_size).astype(int)
    right, bottom = np.clip(np.ceil(there.max(axis=0) + 0.5), 0, frame_size).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _seen(image: Picture, back: Matrix, size: Size, border: int) -> Picture:
    """The picture of that size whose pixels come from where `back` takes them."""
    shrink = int(similarity.scale(back) + 1e-6)
    if shrink >= 2:
        image = _averaged(image, shrink)
        middle = (1 / shrink - 1) / 2
        coarser = np.array([[1 / shrink, 0, middle], [0, 1 / shrink, middle]])
        back = similarity.compose(coarser, back)
    how = cv2.INTER_CUBIC if image.ndim == 3 else cv2.INTER_LINEAR
    seen = cv2.warpAffine(image, back, size, flags=how | cv2.WARP_INVERSE_MAP, borderMode=border)
    if image.ndim == 3 and image.dtype == np.float32:
        np.clip(seen, 0, 255, out=seen)  # cubic interpolation overshoots
    return cast(Picture, seen)


def _averaged(image: Picture, times: int) -> Picture:
    """The image so many times smaller, each pixel the mean of the square that it replaces."""
    height, width = image.shape[:2]
    down, across = -height % times, -width % times
    whole = cv2.copyMakeBorder(image, 0, down, 0, across, cv2.BORDER_REPLICATE)
    small = (whole.shape[1] // times, whole.shape[0] // times)
    return cast(Picture, cv2.resize(whole, small, interpolation=cv2.INTER_AREA))
