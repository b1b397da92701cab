"""dlib_resnet: the descriptors are dlib's own, and gradients reach the picture."""

from pathlib import Path

import dlib
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from faceloom.media import frame_at
from faceloom.networks.dlib_format import read_resnet
from faceloom.networks.dlib_resnet import Descriptors, DlibResnet, sum_of
from serialised import MEANS, resnet

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/dlib_face_recognition_resnet_model_v1.dat"
needs_weights = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    (tmp_path / "tiny.dat").write_bytes(resnet(width=2)[0])
    return tmp_path / "tiny.dat"


@pytest.fixture(scope="module")
def chips() -> np.ndarray:
    """Faces, not quite upright; (6, 150, 150, 3)."""
    names = [("boris", 0), ("chen", 10), ("boris_learn", 50), ("chen_as_boris", 20)]
    pictures = [frame_at(ROOT / f"data/demo/{clip}.mp4", frame).image for clip, frame in names]
    faces = [np.asarray(image)[55:205, 52:202] for image in pictures]
    noise = np.random.default_rng(0).integers(0, 256, (150, 150, 3), np.uint8)
    return np.stack([*faces, noise, np.zeros_like(noise)])


def test_sums_fill_up_with_zeros() -> None:
    one, two = torch.ones(1, 3, 3, 2), torch.full((1, 2, 4, 2), 10.0)
    total = sum_of(one, two)
    assert total.shape == (1, 3, 4, 2)
    assert total[0, 0].tolist() == [[11, 11], [11, 11], [11, 11], [10, 10]]
    assert total[0, 2].tolist() == [[1, 1], [1, 1], [1, 1], [0, 0]]


def layer_by_layer(chips: torch.Tensor) -> torch.Tensor:
    """Descriptors of chips in 0..255, in float64, of what `tiny` has in its file."""
    weights = iter(resnet(width=2)[1].weights)

    def convolved(seen: torch.Tensor, stride: int, padding: int) -> torch.Tensor:
        kernel, bias, scale, shift = (
            torch.from_numpy(each).double() for each in (*next(weights), *next(weights))
        )
        features = F.conv2d(seen, kernel, bias, stride, padding)
        return features * scale[:, None, None] + shift[:, None, None]

    seen = (chips.double() - torch.tensor(MEANS)[:, None, None]) / 256
    features = F.max_pool2d(F.relu(convolved(seen, 2, 0)), 3, 2)
    for down in (0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1):
        changed = F.relu(convolved(features, 1 + down, 1 - down))
        changed = convolved(changed, 1, 1)
        features = F.relu(sum_of(changed, F.avg_pool2d(features, 2) if down else features))
    return features.mean((2, 3)) @ torch.from_numpy(next(weights)[0]).double()


def test_layers_and_gradients_one_by_one(tiny: Path) -> None:
    random = torch.Generator().manual_seed(0)
    chips = torch.rand(2, 3, 150, 150, generator=random) * 2 - 1
    chips.requires_grad_()
    towards = torch.randn(2, 128, generator=random)
    network = DlibResnet(read_resnet(tiny))
    found, expected = network(chips), layer_by_layer((chips + 1) * 127.5)
    assert found.shape == (2, 128)
    torch.testing.assert_close(found.double(), expected, atol=1e-5, rtol=1e-5)
    (mine,) = torch.autograd.grad((found * towards).sum(), chips)
    (plain,) = torch.autograd.grad((expected * towards).sum(), chips)
    assert (mine - plain).norm() < 1e-3 * plain.norm()
    assert not any(each.requires_grad for each in network.parameters())


def test_batches_do_not_matter(tiny: Path, chips: np.ndarray) -> None:
    describe = Descriptors(tiny)
    many = np.concatenate([chips] * 3)
    np.testing.assert_allclose(describe(many), np.tile(describe(chips), (3, 1)), rtol=1e-5)
    assert describe(chips[:0]).shape == (0, 128)


@needs_weights
def test_descriptors_are_dlib_s(chips: np.ndarray) -> None:
    theirs = dlib.face_recognition_model_v1(str(WEIGHTS))
    expected = np.array([theirs.compute_face_descriptor(chip) for chip in chips])
    exact, low = Descriptors(WEIGHTS)(chips), Descriptors(WEIGHTS, precision="bf16")(chips)
    np.testing.assert_allclose(exact, expected, atol=1e-5, rtol=0)
    assert np.linalg.norm(low - expected, axis=1).max() < 0.03
    assert np.linalg.norm(expected[0] - expected[1]) > 0.5


@needs_weights
def test_colours_are_red_green_blue(chips: np.ndarray) -> None:
    describe = Descriptors(WEIGHTS)
    swapped = describe(chips[:1, :, :, ::-1].copy())
    assert np.linalg.norm(swapped - describe(chips[:1])) > 0.1
