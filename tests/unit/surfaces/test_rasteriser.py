"""rasterised: what a loop over triangles and pixels draws, all at once."""

import numpy as np
import torch

from faceloom.surfaces.rasteriser import rasterised

SIZE = (24, 31)


def drawn(points: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest triangle and its depth at each pixel, one after the other."""
    shown, nearest = np.full(SIZE, -1), np.full(SIZE, np.inf)
    rows, columns = np.indices(SIZE)
    places = np.stack([columns, rows]).reshape(2, -1)
    for number, triangle in enumerate(triangles):
        (a, b, c) = points[triangle]
        edges = np.array([b - a, c - a]).T[:2]
        if abs(np.linalg.det(edges)) < 1e-6:
            continue
        one, two = np.linalg.solve(edges, places - a[:2, None]).reshape(2, *SIZE)
        depth = a[2] + one * (b - a)[2] + two * (c - a)[2]
        won = (one >= 0) & (two >= 0) & (one + two <= 1) & (depth < nearest)
        shown[won], nearest[won] = number, depth[won]
    return shown, nearest


def test_is_what_a_loop_draws() -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform((-6, -6, -9), (36, 30, 9), (2, 40, 3))
    triangles = rng.permuted(np.tile(np.arange(40), (25, 1)), axis=1)[:, :3]
    triangles[7] = triangles[7, 0]  # a triangle of no area
    made = rasterised(torch.from_numpy(points).float(), torch.from_numpy(triangles), SIZE)
    for n in range(2):
        shown, nearest = drawn(points[n], triangles)
        assert (shown >= 0).mean() > 0.7
        assert (made.triangle[n].numpy() == shown).mean() > 0.998  # but ties in float32
        same = made.triangle[n].numpy() == shown
        there = same & (shown >= 0)
        assert np.allclose(made.depth[n].numpy()[there], nearest[there], atol=1e-3)
        assert np.isinf(made.depth[n].numpy()[shown < 0]).all()


def test_shares_lead_back_to_the_pixel() -> None:
    rng = np.random.default_rng(4)
    points = torch.from_numpy(rng.uniform(0, 24, (3, 12, 3))).float()
    triangles = torch.from_numpy(rng.permuted(np.tile(np.arange(12), (8, 1)), axis=1)[:, :3])
    made = rasterised(points, triangles, SIZE)
    picture, y, x = made.shown.nonzero(as_tuple=True)
    corners = points[picture[:, None], triangles[made.triangle[made.shown]]]
    places = (corners * made.shares[made.shown][..., None]).sum(dim=1)
    assert torch.allclose(places[:, :2], torch.stack([x, y], dim=1).float(), atol=2e-3)
    assert not made.shares[~made.shown].any()


def test_two_triangles_leave_no_gap_between_them() -> None:
    square = torch.tensor([[[2.0, 2, 0], [20, 2, 0], [20, 18, 0], [2, 18, 0]]])
    made = rasterised(square, torch.tensor([[0, 1, 2], [0, 2, 3]]), SIZE)
    assert made.shown[0, 2:19, 2:21].all()
    assert made.shown.sum() == 17 * 19


def test_nothing_to_see_is_no_error() -> None:
    far = torch.full((1, 3, 3), -50.0)
    far[0, 1, 0], far[0, 2, 1] = -40, -40
    assert not rasterised(far, torch.tensor([[0, 1, 2]]), SIZE).shown.any()
