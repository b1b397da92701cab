"""Optical flow: a moved picture is brought back, and what is gone is not trusted."""

import cv2
import numpy as np

from faceloom.pixels.flow import brought, flow

NOISE = np.random.default_rng(3).uniform(0, 255, (120, 160, 3)).astype(np.float32)
CLOUDS = cv2.GaussianBlur(NOISE, (0, 0), 3)  # something to see everywhere
PICTURE = np.clip((CLOUDS - CLOUDS.mean()) * 9 + 128, 0, 255).astype(np.uint8)


def test_a_shift_is_found_and_undone() -> None:
    moved = np.roll(PICTURE, (3, 5), axis=(0, 1))
    there, trust = flow(moved, PICTURE)
    inner = (slice(20, -20), slice(20, -20))
    assert np.abs(np.median(there[inner], axis=(0, 1)) - (-5, -3)).max() < 0.2
    assert trust[inner].mean() > 0.7
    back = brought(PICTURE.astype(np.float32), there)
    before = np.abs(PICTURE.astype(float) - moved)[inner].mean()
    assert np.abs(back - moved)[inner].mean() < 0.35 * before


def test_a_still_picture_stands() -> None:
    there, trust = flow(PICTURE, PICTURE)
    assert np.abs(there).max() < 0.2
    assert trust.min() > 0.8


def test_what_is_new_is_not_trusted() -> None:
    covered = PICTURE.copy()
    covered[40:80, 50:110] = np.random.default_rng(0).integers(0, 255, (40, 60, 3))
    _, trust = flow(covered, PICTURE)
    assert trust[45:75, 55:105].mean() < 0.6 * trust[:30].mean()
