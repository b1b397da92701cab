"""Layers against their formulas."""

import math

import pytest
import torch
from torch import nn

from faceloom.models.blocks import GROUPS, Attention, norm, up, up_nearest


def features(channels: int, size: int = 3, count: int = 2) -> torch.Tensor:
    rng = torch.Generator().manual_seed(channels)
    return torch.randn(count, channels, size, size, generator=rng)


def test_attention_one_by_one() -> None:
    torch.manual_seed(1)
    layer, given = Attention(16), features(16)
    nn.init.constant_(layer.gain, 0.7)
    for bias in (layer.query.bias, layer.value.bias):
        assert bias is not None
        nn.init.normal_(bias)
    found = layer(given).detach()
    at = [(y, x) for y in range(3) for x in range(3)]

    def told(part: nn.Conv2d, face: int, y: int, x: int) -> list[float]:
        column = part.weight[:, :, 0, 0] @ given[face, :, y, x]
        return (column if part.bias is None else column + part.bias).tolist()

    for face in range(2):
        keys = [told(layer.key, face, *place) for place in at]
        values = [told(layer.value, face, *place) for place in at]
        for y, x in at:
            query = told(layer.query, face, y, x)
            powers = [math.exp(sum(q * k for q, k in zip(query, key, strict=True))) for key in keys]
            for channel in range(16):
                seen = sum(p * v[channel] for p, v in zip(powers, values, strict=True))
                expected = float(given[face, channel, y, x]) + 0.7 * seen / sum(powers)
                assert float(found[face, channel, y, x]) == pytest.approx(expected, abs=1e-4)


def test_attention_begins_switched_off() -> None:
    given = features(16)
    assert torch.equal(Attention(16)(given), given)


def test_a_bias_of_the_keys_would_change_nothing() -> None:
    layer, given = Attention(16), features(16)
    nn.init.constant_(layer.gain, 1.0)
    plain = layer(given)
    biased = nn.Conv2d(16, 2, 1)
    biased.weight = layer.key.weight
    layer.key = biased
    torch.testing.assert_close(layer(given), plain)


@pytest.mark.parametrize(
    ("kind", "over"),
    [("batch", (0, 2, 3)), ("instance", (2, 3)), ("layer", (1, 2, 3)), ("group", (2, 3, 4))],
)
def test_norms_even_out_over_what_they_say(kind: str, over: tuple[int, ...]) -> None:
    given = 5 + 3 * features(2 * GROUPS, 4)
    done = norm(kind, 2 * GROUPS)(given)  # type: ignore[arg-type]
    if kind == "group":
        done = done.view(2, GROUPS, 2, 4, 4)
    torch.testing.assert_close(
        done.mean(over), torch.zeros_like(done.mean(over)), atol=1e-5, rtol=0
    )
    spread = done.var(over, correction=0)
    torch.testing.assert_close(spread, torch.ones_like(spread), atol=1e-3, rtol=0)


def test_a_picture_grows_without_a_checkerboard() -> None:
    torch.manual_seed(0)
    grown = up(8, 4)(features(8, 6))
    assert grown.shape == (2, 4, 12, 12)
    blocks = grown.unfold(2, 2, 2).unfold(3, 2, 2)
    torch.testing.assert_close(blocks, blocks[..., :1, :1].expand_as(blocks))


def test_beyond_its_borders_a_repeated_picture_is_mirrored() -> None:
    layers = up_nearest(1, 1)
    convolution = layers[2]
    assert isinstance(convolution, nn.Conv2d)
    convolution.weight.data = torch.zeros(1, 1, 3, 3)
    convolution.weight.data[0, 0, 0, 0] = 1  # what is above to the left
    found = layers(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))[0, 0]
    assert found[0, 0] == 1  # of a mirrored picture: the pixel below to the right
    assert found[3, 3] == 4
    assert found[2, 2] == 1
