"""A face's texture laid flat by the mean face's UV, and back onto a face of another pose."""

import numpy as np
import torch
from scipy.ndimage import distance_transform_edt
from torch import Tensor
from torch.nn import functional

from .fitted import Chart
from .rasteriser import Raster, rasterised

GRAZING = 0.15  # cosine of the angle of view below which a texel is not seen
CLEAR = 0.5  # and from which on it is seen well
COARSER = 2  # times fewer pixels a side tell what is in front
BEHIND = 0.02  # how far behind what is shown a texel may lie, as a share of the face's width


class Atlas:
    """Where each texel lies on the mesh: the same for all faces, so it is drawn only once."""

    def __init__(self, mesh: Chart, size: int, device: torch.device) -> None:
        """For textures of `size` texels a side."""
        self.size = size
        self.triangles = torch.from_numpy(mesh.triangles).to(device)
        self.uv = torch.from_numpy(mesh.uv).float().to(device)
        flat = torch.cat([self.uv * size - 0.5, torch.zeros(len(self.uv), 1, device=device)], dim=1)
        raster = rasterised(flat[None], self.triangles, (size, size))
        self.inside = raster.shown[0]
        # beside the chart a texel is its nearest within, so that no edge bleeds
        nearest = distance_transform_edt(
            ~self.inside.cpu().numpy(), return_distances=False, return_indices=True
        )
        rows, columns = (torch.from_numpy(np.ascontiguousarray(n)).to(device) for n in nearest)
        self.corners = self.triangles[raster.triangle[0, rows, columns]].reshape(-1, 3)
        self.shares = raster.shares[0, rows, columns].reshape(-1, 3)

    def spread(self, values: Tensor) -> Tensor:
        """What vertices have (B, V, C), at every texel: (B, C, T, T)."""
        batch, count, channels = values.shape
        rows = values.transpose(0, 1).reshape(count, -1)  # a vertex's values of all faces together
        texels = mixed(rows, self.corners, self.shares)
        return texels.reshape(self.size, self.size, batch, channels).permute(2, 3, 0, 1)

    def unwrapped(self, images: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
        """Textures (B, 3, T, T) of images (B, 3, H, W).

        points: float32 (B, V, 3) of the mesh in the images, in pixels.

        Returns:
            The textures, and how well each texel is seen, (B, 1, T, T) in 0..1.
        """
        size = (images.shape[2], images.shape[3])
        places = self.spread(torch.cat([points, facing(points, self.triangles)[..., None]], dim=2))
        grid = as_grid(places[:, :2], size)
        textures = functional.grid_sample(
            images, grid, "bicubic", padding_mode="border", align_corners=True
        )
        wide = points[..., 0].amax(dim=1) - points[..., 0].amin(dim=1)
        front = self.front(points, places[:, :2], size)
        near = places[:, 2:3] <= front + BEHIND * wide[:, None, None, None]
        within = (grid.abs() <= 1).all(dim=3)[:, None]
        clear = ((places[:, 3:] - GRAZING) / (CLEAR - GRAZING)).clamp(0, 1)
        return textures, clear * near * within * self.inside

    def front(self, points: Tensor, places: Tensor, size: tuple[int, int]) -> Tensor:
        """The depth (B, 1, T, T) of what pictures show at places (B, 2, T, T) in pixels.

        Infinitely near where they show nothing.
        """
        fewer = (size[0] // COARSER, size[1] // COARSER)
        smaller = points / points.new_tensor([COARSER, COARSER, 1])
        raster = rasterised(smaller, self.triangles, fewer)
        shown = torch.where(raster.shown, raster.depth, -torch.inf)[:, None]
        grid = as_grid(places / COARSER, fewer)
        return functional.grid_sample(shown, grid, "nearest", align_corners=True)

    def rendered(self, textures: Tensor, raster: Raster) -> Tensor:
        """Textures (B, C, T, T) as a raster's pixels show them: (B, C, H, W), 0 where none is."""
        grid = 2 * self.values(self.uv, raster).permute(0, 2, 3, 1) - 1
        there = raster.shown[:, None]
        return there * functional.grid_sample(
            textures, grid, "bilinear", padding_mode="border", align_corners=False
        )

    def values(self, values: Tensor, raster: Raster) -> Tensor:
        """What the vertices of every face have (V, C), at a raster's pixels: (B, C, H, W).

        0 where there is none.
        """
        corners = self.triangles.index_select(0, raster.triangle.clamp(min=0).flatten())
        pixels = mixed(values, corners, raster.shares.reshape(-1, 3))
        return pixels.reshape(*raster.triangle.shape, -1).permute(0, 3, 1, 2)


def mixed(values: Tensor, corners: Tensor, shares: Tensor) -> Tensor:
    """What triangles' corners (N, 3) have of values (V, C), by their shares (N, 3): (N, C)."""
    return functional.embedding_bag(corners, values, mode="sum", per_sample_weights=shares)


def facing(points: Tensor, triangles: Tensor) -> Tensor:
    """The cosine of the angle from each vertex's normal to the eye: (B, V), below 0 from behind.

    points: (B, V, 3), z away from the eye. The mesh's triangles run so that normals point outwards.
    """
    one, two, three = (points[:, triangles[:, n]] for n in range(3))
    normals = torch.cross(two - one, three - one, dim=2)
    summed = torch.zeros_like(points)
    for n in range(3):
        summed.index_add_(1, triangles[:, n], normals)
    return -functional.normalize(summed, dim=2)[..., 2]


def as_grid(places: Tensor, size: tuple[int, int]) -> Tensor:
    """Places (B, 2, T, T) in pixels of pictures (height, width) as `grid_sample` counts them."""
    most = places.new_tensor([size[1] - 1, size[0] - 1])
    return 2 * places.permute(0, 2, 3, 1) / most - 1


def mirrored(textures: Tensor) -> Tensor:
    """Each half of textures (..., T, T) in the other's place: the mean face's UV is symmetric."""
    return textures.flip(dims=(-1,))
