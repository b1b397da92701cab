"""Refiners: what each does to a face, and that it does it to nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest

from faceloom.pixels.sharpness import sobel
from faceloom.refiners import none, sharpen
from faceloom.refiners.touched import Touched
from faces import shot

FOUND = shot(2)
ALL = np.ones(FOUND.image.shape[:2], np.float32)


def faces() -> Iterator[Touched]:
    for frame in range(3):
        image = np.roll(FOUND.image, frame, axis=1)
        yield Touched(1, frame, image, FOUND.image[::-1], ALL, FOUND.points)


def test_none_does_nothing() -> None:
    assert [each.image.tobytes() for each in none.make()(faces())] == [
        each.image.tobytes() for each in faces()
    ]


def test_sharpen_lifts_edges_and_touches_nothing_else() -> None:
    made = list(sharpen.make(amount=0.6, radius=1.5)(faces()))
    for old, new in zip(faces(), made, strict=True):
        assert sobel(new.image, ALL) > 1.15 * sobel(old.image, ALL)
        assert new.image.dtype == np.uint8
        assert np.abs(new.image.mean(axis=(0, 1)) - old.image.mean(axis=(0, 1))).max() < 1
        for one, other in zip(
            (new.track, new.frame, new.host, new.mask), (1, old.frame, old.host, ALL), strict=True
        ):
            assert np.array_equal(one, other)


def test_sharpen_is_an_unsharp_mask_of_that_radius() -> None:
    (first, *_) = faces()
    (made,) = sharpen.make(amount=2.0, radius=0.8)(iter([first]))
    image = first.image.astype(float)
    reach = np.exp(-(np.arange(-6, 7) ** 2) / (2 * 0.8**2))
    kernel = reach / reach.sum()
    blurred = cv2.sepFilter2D(image, -1, kernel, kernel)
    wanted = np.clip(image + 2 * (image - blurred), 0, 255)
    assert np.abs(made.image[8:-8, 8:-8] - wanted[8:-8, 8:-8]).max() < 3


@pytest.mark.parametrize("radius", [0.5, 4.0])
def test_an_amount_of_nothing_and_a_flat_face_stay(radius: float) -> None:
    (first, *_) = faces()
    (same,) = sharpen.make(amount=0, radius=radius)(iter([first]))
    assert np.array_equal(same.image, first.image)
    flat = replace(first, image=np.full_like(first.image, 77))
    (same,) = sharpen.make(amount=3, radius=radius)(iter([flat]))
    assert np.array_equal(same.image, flat.image)


def test_faces_come_one_by_one() -> None:
    """A refiner takes no more faces than it gives, so that thousands need no memory."""
    taken = 0

    def counted() -> Iterator[Touched]:
        nonlocal taken
        for face in faces():
            taken += 1
            yield face

    for kind in (none.make(), sharpen.make(amount=1, radius=1)):
        taken = 0
        next(iter(kind(counted())))
        assert taken == 1
