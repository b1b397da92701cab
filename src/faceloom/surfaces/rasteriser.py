"""Triangles to pixels by a z-buffer, many pictures at once, no loop over triangles."""

from dataclasses import dataclass

import torch
from torch import Tensor

LEVELS = 2**30  # of depth that are told apart
ROUNDING = 1e-5  # a pixel on the edge of two triangles belongs to one of them


@dataclass(frozen=True)
class Raster:
    """What each pixel shows.

    triangle: int64 (B, H, W), -1 where none; shares: float32 (B, H, W, 3), how near the pixel is
    to each of its corners, adding up to 1 (0 where there is none); depth: float32 (B, H, W), in
    the unit of z, infinite where there is none.
    """

    triangle: Tensor
    shares: Tensor
    depth: Tensor

    @property
    def shown(self) -> Tensor:
        """Where there is something: bool (B, H, W)."""
        return self.triangle >= 0


def rasterised(points: Tensor, triangles: Tensor, size: tuple[int, int]) -> Raster:
    """The nearest triangle at each pixel's centre, by the least z.

    Every triangle is laid out as the pixels of its box; those inside it contend for their places
    by the order of depth, all in one reduction (Catmull 1974, chapter 4, without the loop).

    Args:
        points: float32 (B, V, 3): x and y in pixels, pixel centres at whole numbers, z away from
            the eye.
        triangles: int64 (F, 3), numbers of points; which way round does not matter.
        size: height and width.
    """
    height, width = size
    pictures, count = len(points), len(triangles)
    corners = points[:, triangles].reshape(-1, 3, 3)
    planes = planes_of(corners)
    number, x, y = boxes(corners[..., :2], size)
    values = at(planes, number, x, y)
    inside = (values[:, :3].amin(dim=1) >= -ROUNDING).nonzero()[:, 0]  # no number is not inside
    number, x, y = (each.index_select(0, inside) for each in (number, x, y))
    depth = values[:, 3].index_select(0, inside)

    place = (number // count * height + y) * width + x
    order = whole(depth) * (pictures * count) + number
    nobody = torch.iinfo(torch.int64).max
    nearest = order.new_full((pictures * height * width,), nobody)
    nearest.scatter_reduce_(0, place, order, "amin")
    shown = torch.where(nearest == nobody, -1, nearest % (pictures * count))
    return seen(planes, shown.reshape(pictures, height, width), count)


def planes_of(corners: Tensor) -> Tensor:
    """Each triangle's shares of its corners, and its depth, as planes over the picture.

    corners (N, 3, 3) to (3, N, 4): factors of x, of y, and of 1; no number for what is seen from
    its edge.
    """
    after, last = corners.roll(-1, dims=1), corners.roll(-2, dims=1)
    by_x = after[..., 1] - last[..., 1]
    by_y = last[..., 0] - after[..., 0]
    offset = after[..., 0] * last[..., 1] - last[..., 0] * after[..., 1]
    area = offset.sum(dim=1, keepdim=True)
    area = torch.where(area.abs() > 1e-6, area, torch.nan)
    shares = torch.stack([by_x, by_y, offset]) / area
    depth = (corners[..., 2] * shares).sum(dim=2, keepdim=True)
    return torch.cat([shares, depth], dim=2)


def boxes(corners: Tensor, size: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:
    """Every pixel of every triangle's box (N, 3, 2): the triangle's number, x and y."""
    most = corners.new_tensor([size[1] - 1, size[0] - 1])
    least = corners.amin(dim=1).ceil().clamp(min=0).long()
    last = torch.minimum(corners.amax(dim=1).floor(), most).long()
    sides = (last - least + 1).clamp(min=0)
    counts = sides.prod(dim=1)
    begun = counts.cumsum(0) - counts
    number = torch.repeat_interleave(counts)
    box = torch.column_stack([least, sides[:, 0], begun]).index_select(0, number)
    within = torch.arange(len(number), device=corners.device) - box[:, 3]
    down = within // box[:, 2]
    return number, box[:, 0] + within - down * box[:, 2], box[:, 1] + down


def at(planes: Tensor, number: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Three shares and the depth (N, 4) by planes (3, P, 4) of these numbers at these places."""
    by_x, by_y, offset = (part.index_select(0, number) for part in planes)
    return torch.addcmul(torch.addcmul(offset, by_x, x[:, None]), by_y, y[:, None])


def whole(depth: Tensor) -> Tensor:
    """Depths as whole numbers in the same order, as finely as `LEVELS` allows."""
    if not len(depth):
        return depth.long()
    near, far = depth.min(), depth.max()
    return ((depth - near).double() * (LEVELS / (far - near).double().clamp(min=1e-12))).long()


def seen(planes: Tensor, shown: Tensor, count: int) -> Raster:
    """The raster of pictures in which these triangles (B, H, W) of all are shown, `count` each."""
    _, height, width = shown.shape
    flat = shown.flatten()
    there = (flat >= 0).nonzero()[:, 0]
    within = there % (height * width)
    values = at(planes, flat.index_select(0, there), within % width, within // width)
    kept = values[:, :3].clamp(min=0)
    shares = kept.new_zeros(len(flat), 3)
    shares.index_copy_(0, there, kept / kept.sum(dim=1, keepdim=True))
    depth = kept.new_full((len(flat),), torch.inf)
    depth.index_copy_(0, there, values[:, 3])
    own = torch.where(shown < 0, -1, shown % count)
    return Raster(own, shares.reshape(*shown.shape, 3), depth.reshape(shown.shape))
