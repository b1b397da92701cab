"""Statistics of features: what is put on content is the style's."""

import pytest
import torch
from torch import Tensor

from faceloom.styles.moments import adapted, coloured, transformed, whitened


def features(seed: int, channels: int = 12, places: int = 400) -> Tensor:
    """Features (C, N) whose channels are correlated and of different means."""
    drawn = torch.Generator().manual_seed(seed)
    mixing = torch.randn(channels, channels, generator=drawn)
    means = 3 * torch.arange(channels, dtype=torch.float32).reshape(-1, 1)
    return mixing @ torch.randn(channels, places, generator=drawn) + means


def test_adain_gives_the_styles_means_and_spreads() -> None:
    content = features(1).reshape(2, 6, 20, 20)
    style = features(2, places=600).reshape(2, 6, 30, 20)
    made = adapted(content, style)
    for of in (torch.mean, torch.std):
        assert torch.allclose(of(made, (2, 3)), of(style, (2, 3)), rtol=1e-3)
    alike = torch.corrcoef(torch.stack([made[0, 0].flatten(), content[0, 0].flatten()]))
    assert alike[0, 1] > 0.999


def test_white_features_are_white() -> None:
    white, middle = whitened(features(3), 1e-5)
    assert torch.allclose(torch.cov(white), torch.eye(12), atol=1e-3)
    assert torch.allclose(middle[:, 0], features(3).mean(dim=1))


def test_wct_gives_the_styles_means_and_covariance() -> None:
    style = features(5, places=700)
    made = transformed(features(4), style, 1e-5)
    assert torch.allclose(torch.cov(made), torch.cov(style), rtol=1e-3, atol=1e-2)
    assert torch.allclose(made.mean(dim=1), style.mean(dim=1), atol=1e-3)


def test_a_feature_of_its_own_style_stays() -> None:
    own = features(6)
    assert torch.allclose(transformed(own, own, 1e-5), own, atol=1e-2)


@pytest.mark.parametrize("cut", [1e-5, 1e9])
def test_directions_without_variance_are_left_out(cut: float) -> None:
    flat = features(7)
    flat[3] = flat[2]  # no variance between the two
    made = transformed(flat, features(8), cut)
    assert made.isfinite().all()
    if cut == 1e9:
        assert torch.allclose(made, features(8).mean(dim=1, keepdim=True).expand_as(made))


def test_a_style_without_spread_leaves_its_means() -> None:
    style = torch.tensor([[2.0, 2, 2], [5, 5, 5]])
    made = coloured(torch.randn(2, 9, generator=torch.Generator().manual_seed(0)), style, 1e-5)
    assert torch.allclose(made, style[:, :1].expand(2, 9))
