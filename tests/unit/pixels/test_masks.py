import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt
from scipy.spatial import ConvexHull

from faceloom.geometry import similarity
from faceloom.geometry.landmarks import CANONICAL
from faceloom.pixels import masks

FACE = CANONICAL * 100 + [30, 20]
SIZE = (160, 140)


def turned(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    middle = np.array([80.0, 70.0])
    return similarity.apply(np.array([[c, -s, 0], [s, c, 0]]), FACE - middle) + middle


def test_hull_covers_the_hull_s_area() -> None:
    """Without forehead it is the convex hull of the points, edges shared out by area."""
    mask = masks.hull(FACE, SIZE, forehead=0)
    assert mask.shape == (140, 160)
    assert mask.dtype == np.float32
    assert mask.max() == 1
    assert mask.min() == 0
    assert np.isclose(mask.sum(), ConvexHull(FACE).volume, rtol=0.01)
    soft = (mask > 0) & (mask < 1)
    assert 50 < soft.sum() < 500
    y, x = np.mgrid[:140, :160]
    expected = FACE[ConvexHull(FACE).vertices]
    centre = [(mask * x).sum() / mask.sum(), (mask * y).sum() / mask.sum()]
    assert np.allclose(centre, _centroid(expected), atol=0.1)


def _centroid(polygon: np.ndarray) -> np.ndarray:
    after = np.roll(polygon, -1, axis=0)
    cross = polygon[:, 0] * after[:, 1] - after[:, 0] * polygon[:, 1]
    return ((polygon + after) * cross[:, None]).sum(axis=0) / (3 * cross.sum())


@pytest.mark.parametrize("angle", [-1.2, 0.5, 3.0])
def test_the_forehead_turns_with_the_face(angle: float) -> None:
    upright, tilted = masks.hull(FACE, SIZE), masks.hull(turned(angle), SIZE)
    assert np.isclose(upright.sum(), tilted.sum(), rtol=0.01)
    assert upright.sum() > 1.15 * masks.hull(FACE, SIZE, forehead=0).sum()


def test_the_forehead_is_as_high_as_asked() -> None:
    brows, chin = FACE[17:27, 1], FACE[8, 1]
    highest = FACE[20, 1] - 0.35 * (chin - brows.mean())
    rows = np.flatnonzero(masks.hull(FACE, SIZE, forehead=0.35).any(axis=1))
    assert abs(rows[0] - highest) <= 3
    assert abs(rows[-1] - chin) <= 1


def test_a_face_half_outside_is_cut_off() -> None:
    whole = masks.hull(FACE, SIZE)
    moved = masks.hull(FACE - [80, 0], SIZE)
    assert np.allclose(moved[:, :80], whole[:, 80:], atol=1e-6)
    assert not masks.hull(FACE + 1000, SIZE).any()


def test_parts_are_apart_and_grow() -> None:
    eyes = masks.parts(FACE, ["eyes"], SIZE)
    mouth = masks.parts(FACE, ["mouth"], SIZE)
    both = masks.parts(FACE, ["eyes", "mouth"], SIZE)
    assert not (eyes * mouth).any()
    assert np.array_equal(both, np.maximum(eyes, mouth))
    assert np.isclose(mouth.sum(), ConvexHull(FACE[48:68]).volume, rtol=0.04)
    assert np.isclose(masks.parts(FACE, ["mouth"], SIZE, 1.5).sum(), 2.25 * mouth.sum(), rtol=0.02)
    assert not masks.parts(FACE, [], SIZE).any()
    with pytest.raises(KeyError):
        masks.parts(FACE, ["ear"], SIZE)


def test_feathered_is_soft_inwards_only() -> None:
    mask = masks.hull(FACE, SIZE)
    soft = masks.feathered(mask, 4)
    distance = distance_transform_edt(mask > 0)
    assert (soft <= mask).all()
    assert soft[distance == 1].max() < 0.05
    assert np.allclose(soft[distance >= 12], 1)
    assert np.allclose(soft[(distance > 5.9) & (distance < 6.1)], 0.5, atol=0.03)
    assert np.array_equal(masks.feathered(mask, 0), mask)
    assert np.array_equal(masks.feathered(np.ones_like(mask), 5), np.ones_like(mask))
    assert not masks.feathered(np.zeros_like(mask), 5).any()


@pytest.mark.parametrize("pixels", [0, 1, 3, 8])
def test_eroded_dilated_and_ring(pixels: int) -> None:
    mask = (masks.hull(FACE, SIZE) > 0.5).astype(np.float32)
    smaller, larger = masks.eroded(mask, pixels), masks.dilated(mask, pixels)
    inner, outer = distance_transform_edt(mask), distance_transform_edt(1 - mask)
    assert not smaller[(mask > 0) & (inner < pixels - 0.5)].any()
    assert smaller[inner > pixels + 1].all()
    assert larger[outer < pixels - 0.5].all()
    assert not larger[outer > pixels + 1].any()
    band = masks.ring(mask, pixels)
    assert np.array_equal(band, larger - mask)
    assert np.array_equal(masks.ring(mask, pixels, inside=2), larger - masks.eroded(mask, 2))


def test_the_picture_s_border_does_not_erode() -> None:
    assert masks.eroded(np.ones((9, 9), np.float32), 3).all()


def test_a_mask_retreats_from_its_edge_alone() -> None:
    mask = np.zeros((40, 50), np.float32)
    mask[5:35, 10:40] = 1
    wanted = np.ones_like(mask)
    wanted[:, 33:] = 0  # a wall, which reaches the edge
    wanted[18:22, 20:26] = 0  # lips, which do not
    left = masks.retreated(mask, wanted, 2)
    assert left[5:35, 31:].max() == 0
    assert left[5:35, 10:31].min() == 1
    assert np.array_equal(masks.retreated(mask, np.ones_like(mask), 2), mask)
