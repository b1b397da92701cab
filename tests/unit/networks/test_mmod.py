"""mmod: the head in rows is the plain convolution; the folded network is the unfolded one."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from faceloom.networks.bf16 import lowered
from faceloom.networks.dlib_format import read_mmod
from faceloom.networks.mmod import Edges, Mmod, Rows
from serialised import mmod


@pytest.mark.parametrize("kernel", [(9, 9), (3, 5)])
def test_a_convolution_in_rows(kernel: tuple[int, int]) -> None:
    torch.manual_seed(0)
    whole = nn.Conv2d(5, 1, kernel, padding=(kernel[0] // 2, kernel[1] // 2))
    seen = torch.randn(2, 5, 12, 7)
    torch.testing.assert_close(Rows(whole)(seen), whole(seen)[:, 0], atol=1e-5, rtol=0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "tiny.dat").write_bytes(mmod(width=4)[0])
    return tmp_path / "tiny.dat"


def test_scores_layer_by_layer(file: Path) -> None:
    network = Mmod(read_mmod(file))
    seen = torch.randn(2, 3, 101, 85, generator=torch.Generator().manual_seed(1))
    features = seen.double()
    strides = iter((2, 2, 2, 1, 1, 1, 1))
    for weights in mmod(width=4)[1].weights:
        tensors = [torch.from_numpy(each).double() for each in weights]
        if len(tensors) == 2:
            stride, kernel = next(strides), tensors[0].shape[-1]
            features = F.conv2d(features, *tensors, stride, kernel // 2 if stride == 1 else 0)
        else:
            scale, shift, mean, variance = (each[:, None, None] for each in tensors)
            features = F.relu((features - mean) / (variance + 1e-4).sqrt() * scale + shift)
    torch.testing.assert_close(network(seen).double(), features[:, 0], atol=1e-5, rtol=0)


def test_where_windows_are(file: Path) -> None:
    network = Mmod(read_mmod(file))
    assert (network.stride, network.first, network.least) == (8, 14, 29)
    assert network(torch.zeros(1, 3, 29, 29 + 8)).shape == (1, 1, 2)


@pytest.mark.parametrize("number", range(16))
def test_a_part_has_the_scores_of_the_whole(file: Path, number: int) -> None:
    network = lowered(Mmod(read_mmod(file)), torch.device("cpu"))
    whole = torch.randn(1, 3, 29 + 8 * 30, 29 + 8 * 28, generator=torch.Generator().manual_seed(3))
    edges = Edges(*(bool(number >> bit & 1) for bit in range(4)))
    left, top = (0 if end else 3 for end in (edges.left, edges.top))
    right, bottom = (28 if edges.right else 25), (30 if edges.bottom else 27)  # the last windows
    part = whole[..., 8 * top : 8 * bottom + 29, 8 * left : 8 * right + 29]
    hidden = [0 if end else network.edge for end in edges]
    known = network(whole)[
        :, top + hidden[2] : bottom + 1 - hidden[3], left + hidden[0] : right + 1 - hidden[1]
    ]
    torch.testing.assert_close(network(part, edges), known, atol=1e-5, rtol=0)


def test_a_window_sees_what_is_round_its_centre(file: Path) -> None:
    network = Mmod(read_mmod(file))
    blank = torch.zeros(1, 3, 301, 301)
    dotted = blank.clone()
    dotted[0, :, 14 + 8 * 17, 14 + 8 * 15] = 30
    moved = (network(dotted) - network(blank)).abs()[0]
    rows, columns = moved.nonzero().T
    assert abs(int(rows.min() + rows.max()) - 2 * 17) <= 1
    assert abs(int(columns.min() + columns.max()) - 2 * 15) <= 1


def test_rounding_to_bf16_is_what_bf16_is(file: Path) -> None:
    seen = torch.randn(1, 3, 93, 93, generator=torch.Generator().manual_seed(2))
    exact = Mmod(read_mmod(file))(seen)
    low = Mmod(read_mmod(file)).bfloat16()(seen.bfloat16())
    here = lowered(Mmod(read_mmod(file)), torch.device("cpu"))
    ours = here(seen.to(next(here.parameters()).dtype))
    size = exact.abs().max()
    assert (ours - exact).abs().max() > 1e-4 * size
    assert (ours - low).abs().max() < 0.01 * size
    assert ours.dtype == torch.float32
