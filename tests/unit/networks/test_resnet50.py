"""resnet50: what the graph of its own package says of a rendered face; how a wrong file is told.

The numbers are those of an interpreter of its model.json in double precision, layer by layer with
channels last and nothing folded, of colours as Keras prepares them for these weights: blue, green
and red, less their means.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.media import frame_at
from faceloom.networks.resnet50 import SIZE, ResNet50, read_resnet50
from faceloom.networks.tfjs import numbers

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/resnet50.tfjs"
SAID: Any = json.loads(Path(__file__).with_name("resnet50.json").read_text())
needs_weights = pytest.mark.skipif(
    not WEIGHTS.exists(), reason="resnet50.tfjs is not there; fetch it with faceloom weights"
)


@pytest.fixture(scope="module")
def network() -> ResNet50:
    return read_resnet50(WEIGHTS)


@pytest.fixture(scope="module")
def face() -> torch.Tensor:
    rows = np.arange(SIZE) * 170 // SIZE
    frame = np.asarray(frame_at(ROOT / SAID["clip"], SAID["frame"]).image)
    image = frame[58:228, 32:202][rows][:, rows]
    return torch.from_numpy(image.copy())[None].permute(0, 3, 1, 2) / 127.5 - 1


@needs_weights
def test_it_says_what_the_graph_of_its_file_says(network: ResNet50, face: torch.Tensor) -> None:
    seen = face.clone().requires_grad_()
    features = network(seen)
    assert list(features.shape) == [1, 2048, 7, 7]
    found = features.mean((2, 3))[0]
    np.testing.assert_allclose(found.detach()[::16], SAID["features"], rtol=1e-3, atol=1e-4)
    assert float(found.detach().norm()) == pytest.approx(SAID["norm"], rel=1e-4)
    (gradient,) = torch.autograd.grad(found[0], seen)
    assert gradient.isfinite().all() and gradient.abs().sum() > 0


@needs_weights
@torch.inference_mode()
def test_other_colours_and_other_ranges_are_told(network: ResNet50, face: torch.Tensor) -> None:
    told = torch.tensor(SAID["features"])
    for wrong in (face.flip(1), (face + 1) / 2):
        found = network(wrong).mean((2, 3))[0, ::16]
        assert torch.linalg.vector_norm(found - told) > 0.3 * torch.linalg.vector_norm(told)


def shards(*shapes: tuple[str, list[int]], dtype: str = "float32") -> bytes:
    """A file of arrays of ones."""
    arrays = [{"name": name, "shape": shape, "dtype": dtype} for name, shape in shapes]
    values = b"".join(np.ones(shape, "<f4").tobytes() for _, shape in shapes)
    return json.dumps({"weightsManifest": [{"paths": [], "weights": arrays}]}).encode() + values


def test_numbers_by_name() -> None:
    stored = numbers(shards(("a/kernel", [2, 3]), ("b/bias", [4])))
    assert stored.of("a/kernel", 2, 3).shape == (2, 3)
    assert stored.of("b/bias", 4).sum() == 4


WHOLE = shards(("conv1/kernel", [7, 7, 3, 64]))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no model of TensorFlow.js"),
        (b"a text, no network", "no model of TensorFlow.js"),
        (b"{}", "no model of TensorFlow.js"),
        (bytes(range(256)), "no model of TensorFlow.js"),
        (WHOLE[:-4], "it ends too early"),
        (WHOLE + b"more", "4 bytes too many"),
        (WHOLE, "no conv1/bias"),
        (shards(("conv1/kernel", [3]), dtype="uint8"), "not of single precision"),
    ],
)
def test_another_file_is_told_in_one_line(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(FaceloomError, match=f"file: not resnet50.tfjs .*{reason}.*delete it"):
        read_resnet50(tmp_path / "file")
