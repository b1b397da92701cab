"""sface, facenet: what their files' graphs say of a rendered face; how a wrong file is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from faceloom.errors import FaceloomError
from faceloom.media import frame_at
from faceloom.networks.facenet import read_facenet
from faceloom.networks.sface import read_sface

ROOT = Path(__file__).parents[3]
FILES = {"sface": "sface.onnx", "facenet": "facenet_20180402.pb"}
READ: dict[str, Callable[[Path], nn.Module]] = {"sface": read_sface, "facenet": read_facenet}
SAID: Any = json.loads(Path(__file__).with_name("judges.json").read_text())


@pytest.fixture(scope="module", params=list(FILES))
def kind(request: pytest.FixtureRequest) -> str:
    if not (ROOT / "resources/weights" / FILES[request.param]).exists():
        pytest.skip(f"{FILES[request.param]} is not there; fetch it with faceloom weights")
    return str(request.param)


@pytest.fixture(scope="module")
def network(kind: str) -> nn.Module:
    return READ[kind](ROOT / "resources/weights" / FILES[kind])


@pytest.fixture(scope="module")
def face(kind: str) -> torch.Tensor:
    size = SAID[kind]["size"]
    frame = np.asarray(frame_at(ROOT / SAID["clip"], SAID["frame"]).image)
    rows = np.arange(size) * 170 // size
    image = frame[58:228, 32:202][rows][:, rows]
    return torch.from_numpy(image.copy())[None].permute(0, 3, 1, 2) / 127.5 - 1


@torch.inference_mode()
def test_it_says_what_the_graph_of_its_file_says(
    network: nn.Module, face: torch.Tensor, kind: str
) -> None:
    found = network(face)[0].numpy()
    np.testing.assert_allclose(found, SAID[kind]["descriptor"], atol=1e-5)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


@torch.inference_mode()
def test_colours_are_red_green_blue_in_minus_one_to_one(
    network: nn.Module, face: torch.Tensor, kind: str
) -> None:
    told = torch.tensor(SAID[kind]["descriptor"])
    for wrong in (face.flip(1), (face + 1) / 2):
        assert torch.linalg.vector_norm(network(wrong)[0] - told) > 0.1


def test_a_batch_is_its_faces_one_by_one_and_gradients_reach_them(
    network: nn.Module, face: torch.Tensor, kind: str
) -> None:
    with torch.inference_mode():
        both = network(torch.cat([face.flip(3), face]))
    seen = face.clone().requires_grad_()
    alone = network(seen)
    torch.testing.assert_close(both[1:], alone.detach(), atol=1e-5, rtol=0)
    (gradient,) = torch.autograd.grad(alone[0, 0], seen)
    assert gradient.isfinite().all() and gradient.abs().sum() > 0
    assert not any(each.requires_grad for each in network.parameters())


@pytest.mark.parametrize("named", list(FILES))
@pytest.mark.parametrize("data", [b"", b"a text, no network\n", bytes(range(256)) * 9])
def test_another_file_is_told_in_one_line(tmp_path: Path, named: str, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(FaceloomError, match=f"file: not {FILES[named]} .*delete it and fetch it"):
        READ[named](tmp_path / "file")


def test_a_file_that_was_cut_off_is_told(kind: str, tmp_path: Path) -> None:
    whole = (ROOT / "resources/weights" / FILES[kind]).read_bytes()
    (tmp_path / "file").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FaceloomError, match="not .*fetch it again"):
        READ[kind](tmp_path / "file")
