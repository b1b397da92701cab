"""3DDFA_V2: what its own code computes of one rendered face, and how a wrong file is told."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.media import frame_at
from faceloom.networks.tddfa import Morphable, Regressor, morphable, regressor
from faceloom.settings.refiners import MESHES

ROOT = Path(__file__).parents[3]
FILES = tuple(ROOT / "resources/weights" / name for name in MESHES["tddfa"])
needs_weights = pytest.mark.skipif(
    not all(file.exists() for file in FILES), reason="weights are not there"
)


@needs_weights
@torch.inference_mode()
def test_numbers_and_landmarks_are_the_reference_s() -> None:
    """Blue first, 120 pixels: 62 numbers, and the model's 68 points that they put up."""
    said = json.loads(Path(__file__).with_name("tddfa.json").read_text())
    image = np.asarray(frame_at(ROOT / said["clip"], said["frame"]).image)
    left, top = said["left"], said["top"]
    picture = image[top : top + 120, left : left + 120].copy()
    model = morphable(FILES[1:])
    found = regressor(FILES[0])(torch.from_numpy(picture)[None].permute(0, 3, 1, 2) / 127.5 - 1)
    numbers = (found * model.spreads + model.means)[0].numpy()
    np.testing.assert_allclose(numbers, said["numbers"], rtol=1e-3, atol=2e-3)
    points = model.points(found)[0, model.keypoints].numpy()
    wanted = np.array(said["points"]) * (1, 1, -1)
    assert np.abs(points - wanted).max() < 0.05


def test_a_number_moves_the_mean_face_as_it_is_told() -> None:
    """Of one vertex: the camera's matrix, then the picture's pixels from below, counted from 1."""
    numbers = torch.zeros(1, 62)
    numbers[0, [0, 5, 10]] = 2.0  # twice as large
    numbers[0, [3, 7, 11]] = torch.tensor([60.0, 40, 5])
    numbers[0, 12], numbers[0, 52] = 3.0, 1.0
    shape, expression = torch.zeros(3, 1, 40), torch.zeros(3, 1, 10)
    shape[0, 0, 0], expression[1, 0, 0] = 1.0, 7.0
    nothing = np.zeros((1, 3), np.int64)
    model = Morphable(
        torch.tensor([[10.0], [20], [30]]), shape, expression, nothing, np.zeros(68, np.int64),
        np.zeros((1, 2), np.float32), torch.zeros(62), torch.ones(62),
    )  # fmt: skip
    assert model.points(numbers)[0, 0].tolist() == [2 * 13 + 60 - 1, 120 - (2 * 27 + 40), 1 - 65]


@pytest.mark.parametrize("said", [b"", b"no weights", {"state_dict": {}}, {"weights": {}}])
def test_another_network_is_told(tmp_path: Path, said: object) -> None:
    file = tmp_path / "mb1_120x120.pth"
    if isinstance(said, bytes):
        file.write_bytes(said)
    else:
        torch.save(said, file)
    with pytest.raises(FaceloomError, match="not 3DDFA_V2's mb1_120x120.pth"):
        regressor(file)


def test_a_pickle_of_more_than_arrays_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "bfm_noneck_v3.pkl"
    file.write_bytes(pickle.dumps({"u": Path("anything")}))
    with pytest.raises(FaceloomError, match="not 3DDFA_V2's bfm_noneck_v3.pkl"):
        morphable([file] * 5)


def test_gradients_flow_to_the_picture() -> None:
    pictures = torch.rand(1, 3, 120, 120, requires_grad=True)
    Regressor().eval()(pictures).square().sum().backward()
    assert pictures.grad is not None and pictures.grad.abs().sum() > 0
