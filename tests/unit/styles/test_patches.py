"""Patch matching without patches: the same matches and losses as with them, cut out one by one."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from faceloom.styles.patches import Prior, alongside, matches, swapped, votes

DRAWN = torch.Generator().manual_seed(2)
CONTENT = torch.randn(6, 21, 26, generator=DRAWN)
STYLE = torch.randn(6, 37, 19, generator=DRAWN)


def cut(features: Tensor) -> Tensor:
    """Every patch of features (C, h, w) as a column (9C, N)."""
    return functional.unfold(features[None], 3)[0]


def by_force(content: Tensor, style: Tensor) -> Tensor:
    """The number of each patch's most alike one, all of them compared as vectors."""
    goals = functional.normalize(cut(style).double(), dim=0)
    best = (cut(content).double().T @ goals).argmax(dim=1)
    return best.reshape(content.shape[1] - 2, content.shape[2] - 2)


@pytest.mark.parametrize("rows", [21, 4, 18])
def test_the_matches_are_those_of_brute_force(rows: int) -> None:
    content = CONTENT[:, :rows]
    assert torch.equal(matches(content, STYLE), by_force(content, STYLE))
    assert torch.equal(matches(STYLE, content), by_force(STYLE, content))


def test_a_picture_matches_itself() -> None:
    level = functional.normalize(CONTENT, dim=0)  # of one length, none is nearer than itself
    assert torch.equal(matches(level, level), torch.arange(19 * 24).reshape(19, 24))
    assert torch.allclose(swapped(level, level), level, atol=1e-6)


def test_votes_are_patches_folded() -> None:
    found = matches(CONTENT, STYLE)
    total, count = votes(STYLE, found)
    picked = cut(STYLE)[:, found.flatten()]
    folded = functional.fold(picked[None], CONTENT.shape[1:], 3)[0]
    assert torch.allclose(total, folded, atol=1e-5)
    assert (count.min(), count.max()) == (1, 9)


def test_the_prior_is_the_mean_squared_difference_of_patches() -> None:
    found = matches(CONTENT, STYLE)
    features = CONTENT.clone().requires_grad_(True)
    wanted = (cut(features) - cut(STYLE)[:, found.flatten()]).square().mean()
    (slope,) = torch.autograd.grad(wanted, features)
    made = Prior(STYLE, found)(features)
    assert torch.isclose(made, wanted, rtol=1e-4)
    assert torch.allclose(torch.autograd.grad(made, features)[0], slope, atol=1e-5)


def test_labels_keep_patches_apart() -> None:
    """With labels that count much, no patch of one part is matched with the other's."""
    labels, others = torch.zeros(2, 21, 26), torch.zeros(2, 21, 19)
    labels[0, :, :13], labels[1, :, 13:] = 1, 1
    others[0, :, :9], others[1, :, 9:] = 1, 1
    style = STYLE[:, :21]

    def column(semantic: float) -> Tensor:
        return (
            matches(alongside(CONTENT, labels, semantic), alongside(style, others, semantic)) % 17
        )

    assert (column(100)[:, :11] < 9).all()
    assert (column(100)[:, 13:] >= 7).all()
    assert (column(0)[:, :11] >= 9).any()


def test_labels_shrink_with_features() -> None:
    labels = torch.rand(3, 42, 52, generator=DRAWN)
    made = alongside(CONTENT, labels, 4)
    assert made.shape == (9, 21, 26)
    lengths = made.square().sum(dim=0)
    assert torch.allclose(lengths, torch.full_like(lengths, 5.0), atol=1e-4)
