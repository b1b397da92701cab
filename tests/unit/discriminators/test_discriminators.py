"""Discriminators: patches, what they see, gradients everywhere, counted weights."""

from typing import Any

import pytest
import torch

from faceloom.discriminators import v1, v22
from faceloom.discriminators.discriminator import Discriminator


def faces(seed: int, size: int = 64) -> torch.Tensor:
    return torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@pytest.mark.parametrize(
    ("kind", "options", "patches"),
    [
        (v1, {"size": 64}, 8),
        (v1, {"size": 128, "pairs": False, "bounded": True}, 16),
        (v22, {"size": 64}, 8),
        (v22, {"size": 128}, 8),
        (v22, {"size": 256, "norm": "group", "pairs": False}, 8),
        (v22, {"size": 64, "norm": "none", "attention": False}, 8),
    ],
)
def test_an_answer_for_each_patch_and_gradients_to_every_weight(
    kind: Any, options: dict[str, Any], patches: int
) -> None:
    torch.manual_seed(0)
    judge: Discriminator = kind.make(width=8, **options)
    for name, weight in judge.named_parameters():
        if name.endswith("gain"):
            torch.nn.init.constant_(weight, 0.5)
    size = options["size"]
    answers = judge(faces(1, size), faces(2, size))
    assert answers.shape == (2, 1, patches, patches)
    (answers * torch.randn(answers.shape)).sum().backward()  # type: ignore[no-untyped-call]
    for name, weight in judge.named_parameters():
        assert weight.grad is not None and weight.grad.abs().max() > 0, name
    if options.get("bounded"):
        assert 0 < answers.min() < answers.max() < 1


@pytest.mark.parametrize("kind", [v1, v22])
def test_pairs_see_what_the_generator_saw(kind: Any) -> None:
    torch.manual_seed(0)
    for pairs in (True, False):
        judge = kind.make(size=64, width=8, pairs=pairs)
        same = torch.equal(judge(faces(1), faces(2)), judge(faces(1), faces(3)))
        assert same is not pairs


def test_weights_are_those_that_the_layers_add_up_to() -> None:
    with torch.device("meta"):
        plain = sum(w.numel() for w in v1.make(size=64).parameters())
        alone = sum(w.numel() for w in v1.make(size=64, pairs=False).parameters())
        large = sum(w.numel() for w in v22.make(size=128).parameters())
    halvings = 16 * (6 * 64 + 64 * 128 + 128 * 256)
    assert plain == halvings + 16 * 256
    assert alone == plain - 16 * 3 * 64
    attention = 2 * (256 * 32) + 32 + 256 * 256 + 256 + 1
    norms = 2 * (128 + 256 + 256)
    assert large == halvings + 16 * 256 * 256 + norms + 2 * attention + 16 * 256 + 1
