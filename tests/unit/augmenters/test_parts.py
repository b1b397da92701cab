"""parts: what is put in is the other's, bent onto the face's own landmarks."""

import cv2
import numpy as np
import pytest

from faceloom.augmenters.parts import gradient, graft, make, seam
from faceloom.geometry.delaunay import triangles, warp, with_border
from faceloom.pixels.masks import dilated, parts
from faces import EMI, Shot, shot

SIZE = (160, 120)
FACE, OTHER = shot(1, tall=90), shot(4, (84, 57), 80, skin=EMI, turn=6)
DRAWS = np.random.default_rng(1)
EVERY = pytest.mark.parametrize("part", ["mouth", "nose", "eyes"])


def textured(found: Shot) -> Shot:
    """The same with a pattern all over that is nowhere in the other."""
    pattern = cv2.GaussianBlur(DRAWS.normal(0, 1, (SIZE[1], SIZE[0])), (0, 0), 1.5)
    image = found.image + 45 * (pattern / pattern.std())[..., None]
    return Shot(np.rint(image).clip(0, 255).astype(np.uint8), found.points)


def alike(one: np.ndarray, two: np.ndarray, where: np.ndarray) -> float:
    """How two pictures' luma goes together inside a mask."""
    first, second = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY)[where > 0.9] for each in (one, two))
    return float(np.corrcoef(first, second)[0, 1])


@EVERY
def test_what_is_inside_is_the_others(part: str) -> None:
    other = textured(OTHER)
    made = graft(FACE, other, part, 0.35)
    targets = with_border(FACE.points, SIZE)
    there = warp(other.image, with_border(other.points, SIZE), targets, triangles(targets), SIZE)
    where = parts(FACE.points, [part], SIZE, 1.1)
    assert made.part == part
    assert alike(made.image, there, where) > 0.9
    assert alike(made.image, FACE.image, where) < 0.7


@EVERY
def test_nothing_outside_changes(part: str) -> None:
    made = graft(FACE, textured(OTHER), part, 0.35)
    where = parts(FACE.points, [part], SIZE, 1.35)
    changed = np.abs(made.image.astype(int) - FACE.image).max(axis=2)
    assert changed[where > 0.9].mean() > 10
    assert changed[dilated(where, 16) == 0].max() == 0
    assert changed[dilated(where, 4) == 0].mean() < 0.5


def test_growing_takes_more() -> None:
    small, large = (graft(FACE, textured(OTHER), "mouth", grow).image for grow in (0, 1))
    areas = [
        (np.abs(each.astype(int) - FACE.image).max(axis=2) > 8).sum() for each in (small, large)
    ]
    assert areas[1] > 2 * areas[0]


@EVERY
def test_colours_are_the_faces_own(part: str) -> None:
    made = graft(FACE, OTHER, part, 0.35)
    where = parts(FACE.points, [part], SIZE, 1.35) > 0.9
    before, after = FACE.image[where].mean(axis=0), made.image[where].mean(axis=0)
    theirs = OTHER.image[parts(OTHER.points, [part], SIZE, 1.35) > 0.9].mean(axis=0)
    assert np.abs(after - before).max() < 0.5 * np.abs(theirs - before).max()


def test_a_face_with_its_own_part_is_itself() -> None:
    made = graft(FACE, FACE, "nose", 0.35)
    assert np.abs(made.image.astype(int) - FACE.image).max() <= 2
    assert made.seam == pytest.approx(1, abs=0.02)


def test_a_hard_seam_is_seen() -> None:
    where = parts(FACE.points, ["mouth"], SIZE, 1.35)
    bent = np.full_like(FACE.image, 60)
    hard = np.where(where[..., None] > 0.5, bent, FACE.image)
    soft = cv2.GaussianBlur(FACE.image, (0, 0), 2)
    assert seam(hard, FACE.image, bent, where) > 1.5
    assert seam(soft, FACE.image, bent, where) < 1
    assert seam(hard, FACE.image, bent, np.zeros_like(where)) == 1


def test_a_ramp_of_one_level_a_pixel_has_gradient_one() -> None:
    ramp = np.repeat(np.tile(np.arange(100, dtype=np.uint8), (20, 1))[..., None], 3, 2)
    assert np.allclose(gradient(ramp)[2:-2, 2:-2], 1)


def test_draws_choose_among_the_parts_to_be_taken() -> None:
    draws = np.random.default_rng(0)
    augmenter = make(take=("mouth", "eyes"), grow=0.35)
    assert {augmenter(FACE, OTHER, draws).part for _ in range(8)} == {"mouth", "eyes"}
