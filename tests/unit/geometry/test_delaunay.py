import cv2
import numpy as np
import pytest

from faceloom.geometry import delaunay
from faceloom.geometry.landmarks import CANONICAL

SIZE = (90, 70)
RNG = np.random.default_rng(2)


def smooth_image(channels: int | None, dtype: type) -> np.ndarray:
    shape = (70, 90) if channels is None else (70, 90, channels)
    noise = RNG.random(shape).astype(np.float32) * 255
    return cv2.GaussianBlur(noise, (0, 0), 4).reshape(shape).astype(dtype)


def sampled(image: np.ndarray, x: float, y: float) -> np.ndarray:
    left, top = int(x), int(y)
    fx, fy = x - left, y - top
    rows = image[top : top + 2, left : left + 2].astype(float)
    upper, lower = rows[:, 0] * (1 - fx) + rows[:, 1] * fx
    return upper * (1 - fy) + lower * fy


def test_border_points_hold_the_frame() -> None:
    points = delaunay.with_border(np.array([[4.0, 5]]), (11, 21))
    assert points.shape == (9, 2)
    assert points.min(axis=0).tolist() == [0, 0]
    assert points.max(axis=0).tolist() == [10, 20]
    assert [5.0, 0.0] in points.tolist()


def test_triangles_fill_the_hull() -> None:
    points = delaunay.with_border(CANONICAL * 60, (90, 70))
    corners = points[delaunay.triangles(points)]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) / 2
    assert np.isclose(areas.sum(), 89 * 69)


@pytest.mark.parametrize("channels", [None, 1, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_nothing_moved_is_the_same_picture(channels: int | None, dtype: type) -> None:
    image = smooth_image(channels, dtype)
    points = delaunay.with_border(CANONICAL * 60 + 5, SIZE)
    same = delaunay.warp(image, points, points, delaunay.triangles(points), SIZE)
    assert same.shape == image.shape
    assert same.dtype == image.dtype
    assert np.abs(same.astype(float) - image).max() < (1.5 if dtype is np.uint8 else 0.05)


def test_warp_as_by_barycentric_coordinates() -> None:
    """Each pixel well inside a triangle comes from the same mix of the other corners."""
    image = smooth_image(3, np.float32)
    targets = delaunay.with_border(CANONICAL * 60 + 5, SIZE)
    points = targets + np.r_[RNG.normal(size=(68, 2)), np.zeros((8, 2))]
    triangles = delaunay.triangles(targets)
    bent = delaunay.warp(image, points, targets, triangles, SIZE)
    checked = 0
    for triangle in triangles:
        known = np.vstack([targets[triangle].T, np.ones(3)])
        sides = np.roll(targets[triangle], 1, axis=0) - np.roll(targets[triangle], -1, axis=0)
        heights = abs(np.linalg.det(known)) / np.hypot(*sides.T)
        if heights.min() < 2:
            continue
        x, y = np.round(targets[triangle].mean(axis=0))
        shares = np.linalg.solve(known, [x, y, 1])
        place = shares @ points[triangle]
        if (shares * heights).min() > 1 and place.min() >= 0 and (place < np.array(SIZE) - 2).all():
            assert np.allclose(bent[int(y), int(x)], sampled(image, *place), atol=0.1)
            checked += 1
    assert checked > 40


def test_outside_of_triangles_is_black() -> None:
    image = np.full((70, 90, 3), 200, np.uint8)
    points = np.array([[10.0, 10], [60, 10], [10, 60]])
    bent = delaunay.warp(image, points, points, delaunay.triangles(points), SIZE)
    assert (bent[20, 20] == 200).all()
    assert (bent[62, 70] == 0).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_vanishing_triangles_leave_no_holes(dtype: type) -> None:
    image = np.full((70, 90), 100, dtype)
    points = delaunay.with_border(CANONICAL * 60 + 5, SIZE)
    triangles = delaunay.triangles(points)
    targets = points.copy()
    targets[60:68] = targets[60]  # a shut mouth
    targets[37:39] = targets[36]
    bent = delaunay.warp(image, points, targets, triangles, SIZE)
    assert (bent == 100).all()


def test_no_triangle_at_all_is_black() -> None:
    image = np.full((70, 90), 100, np.uint8)
    points = np.array([[5.0, 5], [9, 9], [7, 20]])
    flat = np.array([[5.0, 5], [9, 9], [7, 7]])
    triangles = np.array([[0, 1, 2]], np.int32)
    assert not delaunay.warp(image, points, flat, triangles, SIZE).any()


def test_a_sliver_does_not_show() -> None:
    """What is squeezed to a fiftieth of a pixel must not be drawn as a line."""
    points = np.array([[10.0, 10], [60, 10], [10, 60], [60, 60], [80, 60]])
    targets = np.array([[10.0, 10], [60, 10], [10, 60], [10.02, 60.02], [60, 60]]) + [0.1, 0.2]
    triangles = np.array([[0, 1, 2], [1, 4, 3], [1, 2, 3]], np.int32)
    image = np.full((70, 90), 200, np.uint8)
    cv2.fillConvexPoly(image, np.array([[58, 16], [16, 58], [58, 58]]), 0)
    bent = delaunay.warp(image, points, targets, triangles, SIZE, cv2.BORDER_CONSTANT)
    assert (bent[12:59, 12:58] == 200).all()
    assert not delaunay.warp(image, points, points, triangles, SIZE)[50, 50]
