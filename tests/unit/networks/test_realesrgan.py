"""Real-ESRGAN: what ncnn computes of a rendered face, and how a wrong file is told."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from faceloom.errors import FaceloomError
from faceloom.media import frame_at
from faceloom.networks.ncnn import HALVES, kernels
from faceloom.networks.realesrgan import Compact, Dense, compact, dense

ROOT = Path(__file__).parents[3]
LARGE, SMALL = (
    ROOT / "resources/weights" / name for name in ("realesrgan-x4plus.bin", "RealESR_Gx4.pth")
)
SAID = json.loads(Path(__file__).with_name("realesrgan.json").read_text())


def shown() -> torch.Tensor:
    """An actor's eye and nose, 12x16, in [-1, 1]."""
    image = np.asarray(frame_at(ROOT / SAID["clip"], SAID["frame"]).image)
    part = image[slice(*SAID["rows"]), slice(*SAID["columns"])].copy()
    return torch.from_numpy(part).permute(2, 0, 1)[None] / 127.5 - 1


@pytest.mark.skipif(not LARGE.exists(), reason="weights are not there")
@torch.inference_mode()
def test_the_large_one_is_ncnn_s() -> None:
    made = dense(LARGE)(shown())[0] / 2 + 0.5
    places = np.array(SAID["places"])
    found = made[:, places[:, 0], places[:, 1]].T.numpy()
    np.testing.assert_allclose(found, SAID["values"], atol=1e-4)
    assert float(made.mean()) == pytest.approx(SAID["mean"], abs=1e-4)


@pytest.mark.skipif(not SMALL.exists(), reason="weights are not there")
@torch.inference_mode()
def test_the_small_one_enlarges_what_it_is_shown() -> None:
    small = shown()
    made = compact(SMALL)(small)
    assert made.shape == (1, 3, 48, 64)
    assert (nn.functional.interpolate(made, (12, 16), mode="area") - small).abs().mean() < 0.03
    plain = nn.functional.interpolate(small, scale_factor=4, mode="bicubic")
    edges = [each.diff(dim=3).square().mean() for each in (made, plain)]
    assert edges[0] > 1.2 * edges[1]


@torch.inference_mode()
def test_untaught_of_nothing_the_small_one_repeats_pixels() -> None:
    network = Compact(width=4, depth=1)
    for parameter in network.parameters():
        parameter.zero_()
    small = shown()
    wanted = small.repeat_interleave(4, dim=2).repeat_interleave(4, dim=3)
    assert torch.allclose(network(small), wanted, atol=1e-6)


def written(network: Dense) -> bytes:
    """As ncnn has it."""
    layers = [each for each in network.modules() if isinstance(each, nn.Conv2d)]
    parts = []
    for layer in layers:
        halves = layer.weight.detach().numpy().astype("<f2").tobytes()
        assert layer.bias is not None
        parts += [HALVES, halves, b"\0" * (-len(halves) % 4), layer.bias.detach().numpy().tobytes()]
    return b"".join(parts)


@torch.inference_mode()
def test_what_is_written_is_read(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Dense(blocks=1)
    file = tmp_path / "realesrgan-x4plus.bin"
    file.write_bytes(written(network))
    again = dense(file, blocks=1)
    assert torch.allclose(again(shown()), network(shown()), atol=1e-3)  # halves


@pytest.mark.parametrize("damage", [lambda b: b[:-4], lambda b: b + b"1234", lambda b: b"x" + b])
def test_a_damaged_file_is_told(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    file = tmp_path / "realesrgan-x4plus.bin"
    file.write_bytes(damage(written(Dense(blocks=1))))
    with pytest.raises(FaceloomError, match="not Real-ESRGAN's weights"):
        dense(file, blocks=1)


@pytest.mark.parametrize("said", [b"", b"no weights", {"params": {"body.0.weight": torch.ones(3)}}])
def test_another_file_is_told(tmp_path: Path, said: object) -> None:
    file = tmp_path / "RealESR_Gx4.pth"
    if isinstance(said, bytes):
        file.write_bytes(said)
    else:
        torch.save(said, file)
    with pytest.raises(FaceloomError, match="not Real-ESRGAN's weights"):
        compact(file)


def test_an_odd_kernel_is_filled_up() -> None:
    halves = np.arange(9, dtype="<f2").tobytes() + b"\0\0"
    ((kernel, bias),) = kernels(HALVES + halves + np.float32(7).tobytes(), [(1, 1, 3, 3)])
    assert kernel.flatten().tolist() == list(range(9))
    assert bias.tolist() == [7]
