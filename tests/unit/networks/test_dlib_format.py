"""dlib_format: networks come back as they were written; anything else is refused in a line."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from faceloom.errors import FaceloomError
from faceloom.networks.dlib_format import read_mmod, read_resnet
from faceloom.networks.dlib_layers import Affine, Convolution, Dense, folded
from faceloom.networks.dlib_stream import Foreign, Stream
from serialised import MEANS, mmod, real, reals, resnet, whole, word

ROOT = Path(__file__).parents[3]
DETECTOR = ROOT / "resources/weights/mmod_human_face_detector.dat"
DESCRIPTOR = ROOT / "resources/weights/dlib_face_recognition_resnet_model_v1.dat"


@given(st.integers(-(2**63), 2**63))
def test_whole_numbers_come_back(number: int) -> None:
    stream = Stream(whole(number))
    assert stream.whole() == number
    stream.end()


@given(st.floats(allow_nan=False))
def test_floats_come_back(number: float) -> None:
    stream = Stream(real(number))
    assert stream.real() == number
    stream.end()


def test_known_bytes() -> None:
    # as dlib 20 writes them: serialize(300), serialize(-1), serialize(0.75f)
    assert Stream(bytes([2, 0x2C, 1])).whole() == 300
    assert Stream(bytes([0x81, 1])).whole() == -1
    assert Stream(bytes([1, 3, 0x81, 2])).real() == 0.75


@pytest.mark.parametrize("data", [b"", b"\x02\x01", b"\x00", b"\x19", b"\x41A"])
def test_no_whole_number(data: bytes) -> None:
    with pytest.raises(Foreign):
        Stream(data).whole()


def test_a_detector_comes_back(tmp_path: Path) -> None:
    data, written = mmod()
    (tmp_path / "a.dat").write_bytes(data)
    windows = read_mmod(tmp_path / "a.dat")
    assert (windows.window, windows.overlap, windows.covered) == ((80, 80), 0.25, 0.75)
    assert windows.network.means == MEANS
    layers = [layer for layer in windows.network.layers if layer]
    assert len(layers) == len(written.weights) == 13
    for layer, weights in zip(layers, written.weights, strict=True):
        if isinstance(layer, Convolution):
            np.testing.assert_array_equal(layer.weight, weights[0])
            np.testing.assert_array_equal(layer.bias, weights[1])
        else:
            assert isinstance(layer, Affine)
            scale, shift, mean, variance = weights
            np.testing.assert_allclose(layer.scale, scale / np.sqrt(variance + 1e-4), rtol=1e-6)
            np.testing.assert_allclose(layer.shift, shift - layer.scale * mean, atol=1e-6)


def test_a_descriptor_comes_back(tmp_path: Path) -> None:
    data, written = resnet()
    (tmp_path / "a.dat").write_bytes(data)
    network = read_resnet(tmp_path / "a.dat")
    kept = [layer for layer in network.layers if layer]
    assert len(kept) == len(written.weights) == 29 * 2 + 1
    for layer, weights in zip(kept, written.weights, strict=True):
        mine = (layer.weight, getattr(layer, "bias", None)) if not isinstance(layer, Affine) else ()
        for one, other in zip(mine or (layer.scale, layer.shift), weights, strict=False):
            np.testing.assert_array_equal(one, other)
    assert isinstance(kept[-1], Dense)
    assert network.dense().weight.shape == (8, 128)


def test_padding_and_stride_come_back(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(mmod()[0])
    found = [(c.stride, c.padding) for c in read_mmod(tmp_path / "a.dat").network.convolutions()]
    assert found == [((2, 2), (0, 0))] * 3 + [((1, 1), (2, 2))] * 3 + [((1, 1), (4, 4))]


@pytest.mark.parametrize("read, write", [(read_mmod, mmod), (read_resnet, resnet)])
def test_a_file_cut_off_anywhere_is_refused(
    read: Callable[[Path], object], write: Callable[[], tuple[bytes, object]], tmp_path: Path
) -> None:
    data, _ = write()
    path = tmp_path / "cut.dat"
    for length in (*range(0, 200), *range(200, len(data), 211), len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(FaceloomError, match="ends too early") as raised:
            read(path)
        assert str(raised.value).startswith(f"{path}: ")
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "data, why",
    [
        (pickle.dumps({"weights": [1.0]}), "no whole number"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "no whole number"),
        (resnet()[0], "loss 'loss_metric_2' instead of 'loss_mmod_'"),
        (whole(7) + word("loss_mmod_"), "version 7 instead of 1"),
        (mmod()[0] + b"0", "1 bytes too many"),
        (mmod()[0].replace(b"bn_con2", b"bn_conX"), "layer 'bn_conX'"),
        (mmod()[0].replace(b"bn_con2", b"affine_", 1), "instead of"),
        (whole(1) + word("loss_mmod_") + whole(4) + reals(1, 1), "version 4 instead of 1"),
        (whole(1) + whole(-5) + bytes(99), "negative length"),
        (whole(1) + whole(2**62) + bytes(99), "ends too early"),
    ],
)
def test_a_foreign_file_is_refused_in_one_line(data: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "foreign.dat"
    path.write_bytes(data)
    with pytest.raises(FaceloomError, match=why) as raised:
        read_mmod(path)
    assert "faceloom weights" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_folded_affine_layer_changes_nothing() -> None:
    random = np.random.default_rng(3)
    weight = random.normal(size=(5, 4, 3, 3)).astype(np.float32)
    bias, scale, shift = random.normal(size=(3, 5)).astype(np.float32)
    alone = Convolution(weight, bias, (1, 1), (1, 1))
    both = folded(alone, Affine(scale, shift))
    seen = torch.from_numpy(random.normal(size=(2, 4, 9, 8)))

    def seen_by(layer: Convolution) -> torch.Tensor:
        kernel, offset = (torch.from_numpy(x).double() for x in (layer.weight, layer.bias))
        return F.conv2d(seen, kernel, offset, layer.stride, layer.padding)

    after = seen_by(alone) * torch.from_numpy(scale)[:, None, None]
    after = after + torch.from_numpy(shift)[:, None, None]
    torch.testing.assert_close(seen_by(both), after, atol=1e-5, rtol=0)
    assert both.stride == alone.stride


@pytest.mark.skipif(not DETECTOR.exists(), reason="weights are not there")
def test_the_detector_itself() -> None:
    windows = read_mmod(DETECTOR)
    assert windows.window == (80, 80)
    assert windows.overlap == pytest.approx(0.3382761351109955, abs=1e-15)
    assert windows.covered == 1
    widths = [layer.weight.shape[0] for layer in windows.network.convolutions()]
    assert widths == [16, 32, 32, 45, 45, 45, 1]


@pytest.mark.skipif(not DESCRIPTOR.exists(), reason="weights are not there")
def test_the_descriptor_itself() -> None:
    network = read_resnet(DESCRIPTOR)
    widths = [layer.weight.shape[0] for layer in network.convolutions()]
    assert widths == [32] * 7 + [64] * 8 + [128] * 6 + [256] * 8
    assert network.means == pytest.approx((122.782, 117.001, 104.298), abs=1e-5)
