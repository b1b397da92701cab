"""PRNet: its shape, what goes where of TensorFlow's arrays, and how a wrong file is told."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from faceloom.errors import FaceloomError
from faceloom.networks.prnet import PositionMap, names, read_prnet

NARROW = 4


@pytest.fixture
def arrays() -> dict[str, np.ndarray]:
    """Arrays as TensorFlow has them, of a network with a quarter of the channels."""
    rng = np.random.default_rng(0)
    found = {}
    for name, place in names(PositionMap(NARROW)).items():
        values = rng.normal(0, 0.2, tuple(place.shape)).astype(np.float32)
        values = np.abs(values) + 0.5 if name.endswith(("variance", "gamma")) else values
        found[name] = values.transpose(2, 3, 1, 0) if values.ndim == 4 else values
    return found


def test_it_has_as_many_weights_as_were_published() -> None:
    """By the paper's table of layers: kernels, and four numbers a channel of each normalisation."""
    given = names(PositionMap())
    count = sum(each.numel() for each in given.values())
    assert len([name for name in given if name.endswith("/weights")]) == 1 + 10 * 3 + 5 + 17
    assert count == kernels() + 4 * channels()
    assert given["resfcn256/resBlock_9/Conv_1/weights"].shape == (256, 256, 4, 4)
    assert given["resfcn256/Conv2d_transpose_16/weights"].shape == (3, 3, 4, 4)


def kernels() -> int:
    """Numbers of all kernels, counted layer by layer."""
    count, width = 16 * 3 * 16, 16
    for outputs in (32, 64, 128, 256, 512):
        for inputs, shortcut in ((width, width * outputs), (outputs, 0)):
            half = outputs // 2
            count += shortcut + inputs * half + 16 * half**2 + half * outputs
        width = outputs
    for outputs in (512, *[256] * 3, *[128] * 3, *[64] * 3, *[32] * 2, *[16] * 2, *[3] * 3):
        count += 16 * width * outputs
        width = outputs
    return count


def channels() -> int:
    """Channels of all normalisations."""
    blocks = sum(2 * (outputs // 2 + outputs // 2 + outputs) for outputs in (32, 64, 128, 256, 512))
    ups = 512 + 3 * (256 + 128 + 64) + 2 * (32 + 16) + 3 * 3
    return 16 + blocks + ups


@torch.inference_mode()
def test_a_picture_becomes_a_map(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    file = tmp_path / "prnet.npz"
    np.savez(file, **arrays, global_step=np.int64(1))
    network = read_prnet(file, NARROW)
    made = network(torch.rand(1, 3, 256, 256) * 2 - 1)
    assert made.shape == (1, 3, 256, 256)
    assert 0 <= made.min() < made.max() <= 1.1 * 256


@torch.inference_mode()
def test_the_first_layer_is_tensorflow_s(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    """One pixel of padding before, two behind; (h, w, in, out); epsilon a thousandth."""
    file = tmp_path / "prnet.npz"
    np.savez(file, **arrays)
    picture = torch.rand(1, 3, 16, 16)
    scope = "resfcn256/Conv"
    kernel = torch.from_numpy(arrays[f"{scope}/weights"].transpose(3, 2, 0, 1).copy())
    plain = F.conv2d(F.pad(picture, (1, 2, 1, 2)), kernel)[0]
    beta, gamma, mean, variance = (
        torch.from_numpy(arrays[f"{scope}/BatchNorm/{each}"])[:, None, None]
        for each in ("beta", "gamma", "moving_mean", "moving_variance")
    )
    wanted = torch.relu((plain - mean) / (variance + 1e-3).sqrt() * gamma + beta)
    assert torch.allclose(read_prnet(file, NARROW).first(picture)[0], wanted, atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("stride", [1, 2])
def test_a_transposed_layer_is_a_convolution_s_gradient(stride: int) -> None:
    """As TensorFlow defines it: of the convolution that is padded so that sizes stay."""
    layer = next(each for each in PositionMap(NARROW).up if each.stride == stride)
    kernel = layer.conv.weight.double()
    given = torch.rand(1, kernel.shape[0], 5, 5, dtype=torch.float64)
    with torch.enable_grad(), torch.inference_mode(False):
        whole = torch.zeros(1, kernel.shape[1], 5 * stride, 5 * stride, dtype=torch.float64)
        whole.requires_grad_(True)
        pad = (1, 2, 1, 2) if stride == 1 else (1, 1, 1, 1)
        made = F.conv2d(F.pad(whole, pad), kernel.clone(), stride=stride)
        (wanted,) = torch.autograd.grad(made, whole, given.clone())
    found = layer.conv.double()(given)[:, :, : 5 * stride, : 5 * stride]
    assert torch.allclose(found, wanted)


def test_what_is_missing_is_told(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    file = tmp_path / "prnet.npz"
    del arrays["resfcn256/resBlock_3/Conv_1/weights"]
    np.savez(file, **arrays)
    with pytest.raises(FaceloomError, match="resBlock_3/Conv_1/weights"):
        read_prnet(file, NARROW)


@pytest.mark.parametrize("written", [b"", b"no weights"])
def test_another_file_is_told(tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "prnet.npz"
    file.write_bytes(written)
    with pytest.raises(FaceloomError, match="not PRNet's weights"):
        read_prnet(file, NARROW)
