"""Correlations of features, against sums over places one by one."""

import numpy as np
import torch
from torch.nn import functional

from faceloom.styles.gram import apart, correlations, gram, roughness

DRAWN = torch.Generator().manual_seed(1)
FINE = torch.randn(2, 5, 8, 6, generator=DRAWN)
COARSE = torch.randn(2, 7, 4, 3, generator=DRAWN)


def test_gram_is_a_mean_of_products() -> None:
    made = gram(FINE)
    for n, i, j in ((0, 0, 0), (1, 2, 4), (1, 4, 2)):
        wanted = np.mean([FINE[n, i, y, x] * FINE[n, j, y, x] for y in range(8) for x in range(6)])
        assert abs(made[n, i, j] - wanted) < 1e-5


def test_with_another_layer_its_places_are_doubled() -> None:
    made = gram(FINE, COARSE)
    products = [FINE[1, 3, y, x] * COARSE[1, 6, y // 2, x // 2] for y in range(8) for x in range(6)]
    assert made.shape == (2, 5, 7)
    assert abs(made[1, 3, 6] - np.mean(products)) < 1e-5


def test_shifted_and_chained() -> None:
    layers = {"fine": FINE, "coarse": COARSE}
    shifted = correlations(layers, shift=-1, chained=False)
    assert torch.allclose(shifted[1], gram(COARSE - 1))
    (chained,) = correlations(layers, shift=0.5, chained=True)
    assert torch.allclose(chained, gram(FINE + 0.5, COARSE + 0.5))


def test_places_do_not_matter_to_a_style() -> None:
    shuffled = FINE.flatten(2)[:, :, torch.randperm(48, generator=DRAWN)].reshape(FINE.shape)
    assert torch.allclose(gram(shuffled), gram(FINE), atol=1e-5)


def test_apart_is_a_weighted_share() -> None:
    one, two = [gram(FINE), gram(COARSE)], [gram(FINE * 2), gram(COARSE)]
    assert float(apart(one, one, [1, 1])) == 0
    wanted = 3 * functional.mse_loss(one[0], two[0]) / two[0].square().mean() / 4
    assert torch.isclose(apart(one, two, [3, 1]), wanted)


def test_roughness_of_steps() -> None:
    assert roughness(torch.full((1, 3, 9, 9), 0.4)) < 1e-4
    steps = torch.arange(9.0).expand(1, 3, 9, 9)
    assert abs(roughness(steps) - 1) < 1e-4  # each place is 1 away from one neighbour
    assert abs(roughness(2 * steps) - 2**1.25) < 1e-4
