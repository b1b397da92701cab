"""BiSeNet: what its own code computes of one rendered face, and how a wrong file is told."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.media import frame_at
from faceloom.networks.bisenet import PARTS, BiSeNet, load, normalised

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/79999_iter.pth"
needs_weights = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")


@needs_weights
@torch.inference_mode()
def test_its_scores_are_the_reference_s() -> None:
    """Red first, ImageNet's means and spreads, 512 pixels: face-parsing.PyTorch's own numbers."""
    said = json.loads(Path(__file__).with_name("bisenet.json").read_text())
    rows = np.arange(512) * 200 // 512
    image = np.asarray(frame_at(ROOT / said["clip"], said["frame"]).image)
    picture = image[30:230, 30:230][rows][:, rows].copy()
    pictures = torch.from_numpy(picture)[None].permute(0, 3, 1, 2) / 127.5 - 1
    scores = load(WEIGHTS)(normalised(pictures))[0]
    places = np.array(said["places"])
    found = scores[:, places[:, 0], places[:, 1]].T.numpy()
    np.testing.assert_allclose(found, said["scores"], atol=2e-3)
    shares = np.bincount(scores.argmax(0).numpy().ravel(), minlength=len(PARTS)) / 512**2
    np.testing.assert_allclose(shares, said["shares"], atol=2e-4)


@torch.inference_mode()
def test_pictures_may_be_of_many_sizes() -> None:
    network = BiSeNet().eval()
    for size in ((64, 96), (96, 64)):
        assert network(torch.zeros(1, 3, *size)).shape == (1, 19, *size)


def test_gradients_flow_to_the_picture() -> None:
    pictures = torch.zeros(1, 3, 64, 64, requires_grad=True)
    BiSeNet().eval()(normalised(pictures)).square().mean().backward()
    assert pictures.grad is not None and pictures.grad.abs().sum() > 0


@pytest.mark.parametrize("written", [b"", b"no weights", None])
def test_another_file_is_refused(tmp_path: Path, written: bytes | None) -> None:
    file = tmp_path / "79999_iter.pth"
    if written is None:
        torch.save({"weights": torch.zeros(3)}, file)
    else:
        file.write_bytes(written)
    with pytest.raises(FaceloomError, match="not BiSeNet's weights for faces"):
        load(file)
