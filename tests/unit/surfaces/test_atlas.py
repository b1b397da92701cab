"""A rendered face's texture laid flat, and back: there is no loss to be seen."""

from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.geometry import meshes
from faceloom.media import frame_at
from faceloom.meshes import Mesher
from faceloom.surfaces.atlas import BEHIND, CLEAR, Atlas, facing
from faceloom.surfaces.rasteriser import rasterised

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/face_landmarker.task"
pytestmark = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")

SIZE = (256, 256)
BOX = np.array([62.0, 82, 172, 206])
Faces = tuple[torch.Tensor, torch.Tensor]


@pytest.fixture(scope="module")
def mesher() -> Mesher:
    return Mesher(WEIGHTS)


@pytest.fixture(scope="module")
def atlas(mesher: Mesher) -> Atlas:
    return Atlas(mesher.file.canonical, 256, torch.device("cpu"))


@pytest.fixture(scope="module")
def faces(mesher: Mesher) -> Faces:
    """Three frames of an actor who turns his head, and the meshes in them."""
    shown = [np.asarray(frame_at(ROOT / "data/demo/boris.mp4", n).image) for n in (0, 20, 40)]
    found = [mesher(image, BOX[None])[0, : meshes.SURFACE] for image in shown]
    images = torch.from_numpy(np.stack(shown)).permute(0, 3, 1, 2).float()
    return images, torch.from_numpy(np.stack(found)).float()


def decibels(one: torch.Tensor, two: torch.Tensor, where: torch.Tensor) -> float:
    """PSNR of two images (B, 3, H, W) in 0..255 where the mask (B, 1, H, W) says so."""
    wrong = ((one - two) ** 2)[where.expand_as(one)].mean()
    return float(10 * torch.log10(255**2 / wrong))


def test_there_and_back(atlas: Atlas, faces: Faces) -> None:
    images, points = faces
    textures, seen = atlas.unwrapped(images, points)
    raster = rasterised(points, atlas.triangles, SIZE)
    back = atlas.rendered(torch.cat([textures, seen], dim=1), raster)
    visible = back[:, 3:] > 0.5
    assert visible.float().mean() > 0.1
    assert decibels(back[:, :3], images, visible) >= 35


def test_another_frames_texture_is_at_its_place(atlas: Atlas, faces: Faces) -> None:
    """Frame 40's face with frame 0's texture is nearer to frame 40 than frame 0 is."""
    images, points = faces
    textures, seen = atlas.unwrapped(images[:1], points[:1])
    raster = rasterised(points[2:], atlas.triangles, SIZE)
    back = atlas.rendered(torch.cat([textures, seen], dim=1), raster)
    visible = back[:, 3:] > 0.9
    moved, still = back[:, :3], images[:1]
    assert decibels(moved, images[2:], visible) > 4 + decibels(still, images[2:], visible)


def test_a_face_faces_the_eye(atlas: Atlas, faces: Faces) -> None:
    _, points = faces
    assert facing(points, atlas.triangles).mean() > 0.4
    turned = points * torch.tensor([-1.0, 1, -1])  # the head seen from behind
    assert facing(turned, atlas.triangles).mean() < -0.4


def test_what_faces_the_eye_is_in_front(atlas: Atlas, faces: Faces) -> None:
    _, points = faces
    places = points[..., :2].mT[..., None]
    off = (atlas.front(points, places, SIZE)[:, 0, :, 0] - points[..., 2]).abs()
    wide = points[..., 0].amax(dim=1, keepdim=True) - points[..., 0].amin(dim=1, keepdim=True)
    clear = facing(points, atlas.triangles) > CLEAR
    assert clear.float().mean() > 0.3
    # but for some at the rims of eyes and mouth, where the mesh has holes
    assert (off < BEHIND * wide)[clear].float().mean() > 0.95


def test_what_lies_behind_is_not_seen(atlas: Atlas, mesher: Mesher) -> None:
    """Of a head in profile the far side is unseen, the near one seen."""
    mean = torch.from_numpy(mesher.file.canonical.points).float()
    for side in (1, -1):
        turn = torch.tensor([[0.2, 0, -side], [0, -1, 0], [-side, 0, -0.2]])
        points = (mean @ turn.T) * 9 + torch.tensor([128.0, 128, 0])
        _, seen = atlas.unwrapped(torch.zeros(1, 3, *SIZE), points[None])
        halves = seen[..., :128].mean(), seen[..., 128:].mean()
        assert max(halves) > 5 * min(halves)
        assert (halves[0] > halves[1]) == (mean[:, 0][points[:, 2] < 0].mean() < 0)


def test_texels_hold_what_their_vertices_have(atlas: Atlas) -> None:
    spread = atlas.spread(atlas.uv[None])[0]
    places = (torch.arange(256) + 0.5) / 256
    wrong = (spread - torch.stack(torch.meshgrid(places, places, indexing="xy"))).abs()
    assert wrong[:, atlas.inside].max() < 1e-4
    assert atlas.inside.float().mean() > 0.5
