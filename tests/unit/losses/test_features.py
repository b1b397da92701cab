"""Losses over dlib's network: chips lie right, layers are the network's own, gradients flow."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from faceloom.descriptors import chip
from faceloom.geometry.landmarks import CANONICAL, aligned
from faceloom.geometry.similarity import apply
from faceloom.losses import identity, perceptual
from faceloom.losses.features import STAGES, Features
from faceloom.models.generator import Painted
from faceloom.pixels.warps import cut
from faceloom.training.batch import Batch
from serialised import resnet

COVERAGE = 0.8


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    path = tmp_path_factory.mktemp("weights") / "tiny.dat"
    path.write_bytes(resnet(width=2)[0])
    return (path,)


def faces(seed: int = 0, size: int = 64) -> torch.Tensor:
    return torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def example() -> tuple[Batch, Painted]:
    batch = Batch(faces(1), faces(2), torch.ones(2, 1, 64, 64))
    mask = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(9))
    return batch, Painted(faces(3), mask)


def test_a_chip_out_of_a_crop_is_the_chip_out_of_the_frame(weights: tuple[Path, ...]) -> None:
    random = np.random.default_rng(0)
    frame = cv2.GaussianBlur(random.integers(0, 256, (300, 300, 3)).astype(np.uint8), (0, 0), 4)
    frame = cv2.normalize(frame, None, 0, 255, cv2.NORM_MINMAX)
    points = (CANONICAL - 0.5) * 180 + 150  # a mean face, as the chip of any crop is laid
    matrix = aligned(points, 256, COVERAGE)
    assert apply(matrix, points) == pytest.approx((CANONICAL - 0.5) * COVERAGE * 256 + 127.5)
    crop = torch.from_numpy(cut(frame, matrix, 256)).permute(2, 0, 1)[None] / 127.5 - 1
    found = Features(weights[0], COVERAGE).chips(crop)[0]
    wanted = torch.from_numpy(chip(frame, points)).permute(2, 0, 1) / 127.5 - 1
    assert (found - wanted).abs().mean() < 0.01
    assert (found.roll(1, 2) - wanted).abs().mean() > 0.03


def test_layers_lead_to_the_networks_own_descriptor(weights: tuple[Path, ...]) -> None:
    features = Features(weights[0], COVERAGE)
    layers = features.layers(faces())
    assert [layer.shape[1] for layer in layers] == [2, 4, 8, 16]
    network = features.network
    rest = network.blocks[STAGES[-1] + 1 :]
    ended = rest(layers[-1]).mean((2, 3)) @ network.dense
    torch.testing.assert_close(ended, features.descriptors(faces()))


def test_perceptual_by_the_formula(weights: tuple[Path, ...]) -> None:
    batch, painted = example()
    features = Features(weights[0], COVERAGE)
    expected = 0.0
    scales = (0.5, 0.0, 2.0, 1.0)
    for scale, one, other in zip(
        scales, features.layers(painted.image), features.layers(batch.target), strict=True
    ):
        levelled = [
            (seen - seen.mean((2, 3), keepdim=True))
            / (seen.var((2, 3), correction=0, keepdim=True) + 1e-5).sqrt()
            for seen in (one, other)
        ]
        expected += scale * float((levelled[0] - levelled[1]).square().mean())
    loss = perceptual.make(weights=weights, layers=scales, coverage=COVERAGE)
    assert loss(batch, painted).item() == pytest.approx(expected, rel=1e-4)
    plain = perceptual.make(
        weights=weights, layers=(0, 1, 0, 0), normalised=False, coverage=COVERAGE
    )
    one, other = features.layers(painted.image)[1], features.layers(batch.target)[1]
    found = plain(batch, painted).item()
    assert found == pytest.approx(float((one - other).square().mean()), rel=1e-4)


def test_identity_by_the_formula(weights: tuple[Path, ...]) -> None:
    batch, painted = example()
    features = Features(weights[0], COVERAGE)
    shown = painted.laid(batch.warped)
    one, other = (features.descriptors(each).double() for each in (shown, batch.target))
    cosine = (one * other).sum(1) / (one.norm(dim=1) * other.norm(dim=1))
    loss = identity.make(weights=weights, of="laid", coverage=COVERAGE)
    assert loss(batch, painted).item() == pytest.approx(float(1 - cosine.mean()), abs=1e-6)
    same = loss(batch, Painted(batch.target))
    assert same.item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("loss", [perceptual, identity])
def test_gradients_reach_picture_and_mask_alone(loss: object, weights: tuple[Path, ...]) -> None:
    batch, painted = example()
    assert painted.mask is not None
    raw, mask = painted.image.clone().requires_grad_(), painted.mask.clone().requires_grad_()
    made = loss.make(weights=weights, of="laid")  # type: ignore[attr-defined]
    made(batch, Painted(raw, mask)).backward()
    for each in (raw, mask):
        assert each.grad is not None
        assert each.grad.isfinite().all()
        assert each.grad.abs().sum() > 0
