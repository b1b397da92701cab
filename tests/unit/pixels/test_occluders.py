"""Occluders drawn by chance: seen, of many shapes, the same for the same draws."""

import numpy as np

from faceloom.pixels.occluders import drawn

SKIN = np.array([200.0, 150, 120])


def test_the_same_draws_draw_the_same() -> None:
    for seed in range(4):
        one, two = (drawn(64, SKIN, np.random.default_rng(seed)) for _ in range(2))
        assert np.array_equal(one[0], two[0])
        assert np.array_equal(one[1], two[1])


def test_they_cover_some_of_the_picture_and_are_never_alike() -> None:
    random = np.random.default_rng(1)
    found = [drawn(64, SKIN, random) for _ in range(40)]
    shares = np.array([alpha.mean() for _, alpha in found])
    assert (shares < 0.9).all()
    assert np.quantile(shares, 0.2) > 0.01
    for picture, alpha in found:
        assert picture.shape == (64, 64, 3)
        assert picture.dtype == alpha.dtype == np.float32
        assert picture.min() >= 0 and picture.max() <= 255
        assert alpha.min() >= 0 and alpha.max() <= 1
    assert len({alpha.tobytes() for _, alpha in found}) > 35


def test_some_are_of_the_faces_own_colour() -> None:
    random = np.random.default_rng(2)
    hues = [
        picture[alpha > 0.9].mean(axis=0) / picture[alpha > 0.9].mean()
        for picture, alpha in (drawn(64, SKIN, random) for _ in range(60))
        if (alpha > 0.9).sum() > 20
    ]
    near = [np.abs(hue - SKIN / SKIN.mean()).max() < 0.15 for hue in hues]
    assert 0.15 < np.mean(near) < 0.8
