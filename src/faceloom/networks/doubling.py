"""A picture at twice its size, to the byte as dlib's `pyramid_up` makes it.

dlib/image_transforms/interpolation.h, `resize_image` of bytes: bilinear, corner to corner, cut
off to whole grey levels. It goes along a row in four lanes of float32, whose steps add up an
error, and finishes the row in float64. Since cutting off shows the last bit, so does this.
"""

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Numbers = NDArray[np.float64]
Lanes = NDArray[np.float32]

ROWS = 64  # made at once: they stay in the cache
LANES = 4


def doubled(image: Image) -> Image:
    """(H, W, 3) to (2 H + 1, 2 W + 2, 3)."""
    height, width, _ = image.shape
    return part_of_doubled(image, (0, 0, 2 * width + 2, 2 * height + 1))


def part_of_doubled(image: Image, part: tuple[int, int, int, int]) -> Image:
    """What lies between these left, top, right and bottom edges of the doubled picture."""
    height, width, channels = image.shape
    left, top, right, bottom = part
    rows = along(height, 2 * height + 1)[top:bottom]
    lanes = in_lanes(width, 2 * width + 2)
    rest = along(width, 2 * width + 2, len(lanes))
    rest = rest[max(left - len(lanes), 0) : max(right - len(lanes), 0)]
    lanes = lanes[left:right]
    result = np.empty((len(rows), right - left, channels), np.uint8)
    for start in range(0, len(rows), ROWS):
        strip = slice(start, start + ROWS)
        result[strip, : len(lanes)] = by_lanes(image, rows[strip], lanes)
        result[strip, len(lanes) :] = by_pixel(image, rows[strip], rest)
    return result


def halved(boxes: Numbers) -> Numbers:
    """Boxes (N, 4) in the doubled picture as boxes in the picture, not rounded."""
    half: Numbers = boxes / 2 - np.array([1.25, 0.75, 1.25, 0.75])
    return half


def redoubled(boxes: Numbers) -> Numbers:
    """Boxes (N, 4) in the picture as boxes in the doubled picture: `halved` undone."""
    twice: Numbers = 2 * (boxes + np.array([1.25, 0.75, 1.25, 0.75]))
    return twice


def step(old: int, new: int) -> float:
    """Pixels of a line of old pixels from one of its new pixels to the next."""
    return (old - 1) / (new - 1)


def along(old: int, new: int, first: int = 0) -> Numbers:
    """Where new pixels lie on a line of old ones, from the first on, summed up step by step."""
    each = step(old, new)
    steps = np.concatenate([[first * each - each], np.full(new - first, each)])
    return np.cumsum(steps)[1:]


def in_lanes(old: int, new: int) -> Lanes:
    """The same in float32, four by four, as long as all four have an old pixel on their right."""
    first = (np.arange(LANES) - LANES) * step(old, new)
    steps = np.full((new // LANES + 2, LANES), LANES * step(old, new))  # beyond the end
    groups = np.cumsum(np.vstack([first, steps]), axis=0, dtype=np.float32)[1:]
    inside = groups[:, -1].astype(int) + 1 < old
    places: Lanes = groups[: int(inside.argmin())].ravel()[:new]
    return places


def by_lanes(image: Image, rows: Numbers, columns: Lanes) -> Lanes:
    """The picture between its pixels, in float32: four weights, added up in dlib's order."""
    top, down = parted(rows)
    left, right = parted(columns)
    low, up = down.astype(np.float32)[:, None, None], (1 - down).astype(np.float32)[:, None, None]
    right = right[:, None]
    strip = image[top[0] : top[-1] + 2]
    first, last = top - top[0], next_to(top - top[0], len(strip))
    before, after = (strip.take(at, axis=1).astype(np.float32) for at in (left, left + 1))
    total: Lanes = before[first] * (up * (1 - right))
    total += after[first] * (up * right)
    total += before[last] * (low * (1 - right))
    total += after[last] * (low * right)
    return total


def by_pixel(image: Image, rows: Numbers, columns: Numbers) -> Numbers:
    """The picture between its pixels, in float64: along the rows, then between them."""
    top, down = parted(rows)
    left, right = parted(columns)
    beside, right = next_to(left, image.shape[1]), right[:, None]
    above, below = image[top].astype(float), image[next_to(top, len(image))].astype(float)
    down = down[:, None, None]
    upper = (1 - right) * above[:, left] + right * above[:, beside]
    lower = (1 - right) * below[:, left] + right * below[:, beside]
    values: Numbers = (1 - down) * upper + down * lower
    return values


def parted(places: NDArray[np.floating]) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    """The pixel at or before each place, and how far the place is from it."""
    pixels = places.astype(np.intp)
    return pixels, places - pixels.astype(places.dtype)


def next_to(pixels: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """The pixels after those, the last one its own."""
    return np.minimum(pixels + 1, count - 1)
