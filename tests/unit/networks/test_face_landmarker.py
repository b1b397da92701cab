"""face_landmarker: what LiteRT computes of one rendered face, and how a wrong file is told."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.media import frame_at
from faceloom.networks.blazeface import faces
from faceloom.networks.blendshape_names import NAMES, POINTS
from faceloom.networks.blendshapes import Blendshapes
from faceloom.networks.face_landmarker import FaceLandmarker
from faceloom.networks.face_mesh import FaceMesh
from faceloom.networks.padding import same

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/face_landmarker.task"
needs_weights = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")


@pytest.fixture(scope="module")
def file() -> FaceLandmarker:
    return FaceLandmarker(WEIGHTS)


@pytest.fixture(scope="module")
def said() -> Any:
    return json.loads(Path(__file__).with_name("face_landmarker.json").read_text())


@pytest.fixture(scope="module")
def frame(said: Any) -> np.ndarray:
    return np.asarray(frame_at(ROOT / said["clip"], said["frame"]).image)


@pytest.fixture(scope="module")
def face(frame: np.ndarray) -> torch.Tensor:
    rows = np.arange(256) * 170 // 256
    return picture(frame[58:228, 32:202][rows][:, rows])


def picture(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image.copy())[None].permute(0, 3, 1, 2) / 127.5 - 1


@needs_weights
@torch.inference_mode()
def test_the_detector_is_litert_s(file: FaceLandmarker, frame: np.ndarray, said: Any) -> None:
    places, scores = file.detector(picture(frame[::2, ::2]))
    told = said["detector"]
    sure = 1 / (1 + np.exp(-np.array(told["scores"])))
    np.testing.assert_allclose(scores[0, told["anchors"]], sure, atol=1e-4)
    numbers = np.array(told["numbers"]).reshape(-1, 8, 2) / 128
    around = numbers + file.detector.anchors[told["anchors"]].numpy()
    found = places[0, told["anchors"]].numpy()
    np.testing.assert_allclose(found[:, 2:], around[:, 2:], atol=1e-4)
    np.testing.assert_allclose(found[:, :2].mean(1), around[:, 0], atol=1e-4)
    np.testing.assert_allclose(found[:, 1] - found[:, 0], numbers[:, 1], atol=1e-4)


@needs_weights
@torch.inference_mode()
def test_a_face_is_found_once_and_its_eyes_are_where_they_are(
    file: FaceLandmarker, frame: np.ndarray
) -> None:
    places, scores = file.detector(picture(frame[::2, ::2]))
    found, sure = faces(places[0].numpy(), scores[0].numpy())
    assert len(found) == 1 and sure[0] > 0.9
    shown = json.loads((ROOT / "data/demo/boris.json").read_text())["per_frame"][12]["lm68"]
    eyes = [np.mean(shown[first : first + 6], axis=0) for first in (36, 42)]
    np.testing.assert_allclose(found[0, 2:4] * 256, eyes, atol=4)


@needs_weights
@torch.inference_mode()
def test_points_and_expressions_are_litert_s(
    file: FaceLandmarker, face: torch.Tensor, said: Any
) -> None:
    points, presence = file.landmarks(face)
    told = said["landmarks"]
    np.testing.assert_allclose(points[0, :: told["every"]], told["points"], atol=2e-3)
    assert presence[0] > 0.999
    shares = file.blendshapes(points[..., :2])[0].tolist()
    assert dict(zip(NAMES, shares, strict=True)) == pytest.approx(said["blendshapes"], abs=1e-4)


@needs_weights
def test_colours_are_red_green_blue_in_minus_one_to_one(
    file: FaceLandmarker, face: torch.Tensor, said: Any
) -> None:
    told = torch.tensor(said["landmarks"]["points"])
    for wrong in (face.flip(1), (face + 1) / 2):
        found = file.landmarks(wrong)[0][0, :: said["landmarks"]["every"]]
        assert (found - told).abs().max() > 0.5


@needs_weights
def test_a_batch_is_its_pictures_one_by_one_and_gradients_reach_them(
    file: FaceLandmarker, face: torch.Tensor
) -> None:
    with torch.inference_mode():
        both, _ = file.landmarks(torch.cat([face.flip(3), face]))
    seen = face.clone().requires_grad_()
    points, _ = file.landmarks(seen)
    torch.testing.assert_close(both[1:], points.detach(), atol=1e-3, rtol=1e-5)
    shares = file.blendshapes(points[..., :2])
    (gradient,) = torch.autograd.grad(shares[0, NAMES.index("mouthSmileLeft")], seen)
    assert gradient.isfinite().all() and gradient.abs().sum() > 0
    assert not any(each.requires_grad for each in file.landmarks.parameters())


@needs_weights
def test_the_mean_face_is_even_and_its_triangles_are_a_surface(file: FaceLandmarker) -> None:
    mean = file.canonical
    mirrored = mean.points * (-1, 1, 1)
    gaps = np.linalg.norm(mirrored[:, None] - mean.points, axis=2).min(1)
    assert gaps.max() < 1e-4 and np.ptp(mean.points[:, 1]) == pytest.approx(17.67, abs=0.01)
    assert mean.points[33, 0] < 0 < mean.points[263, 0]
    assert mean.points[152, 1] < mean.points[1, 1] < mean.points[10, 1]
    assert mean.uv.min() > 0 and mean.uv.max() < 1
    edges = np.sort(mean.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2))
    _, shared = np.unique(edges, axis=0, return_counts=True)
    assert set(shared) == {1, 2} and set(mean.triangles.ravel()) <= set(range(468))
    assert (mean.steady > 0).sum() == 33 and mean.steady[4] > 0


def test_names_and_points_are_there_once() -> None:
    assert len(set(NAMES)) == 52 and len(set(POINTS)) == 146
    assert list(POINTS) == sorted(POINTS) and max(POINTS) < 478


def test_expressions_do_not_depend_on_place_and_size() -> None:
    torch.manual_seed(0)
    network = Blendshapes()
    network.scale.data.fill_(0.5)
    points = torch.rand(3, 478, 2)
    torch.testing.assert_close(network(points * 40 - 7), network(points), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("side", "kernel", "stride"), [(128, 5, 2), (64, 3, 2), (9, 3, 1)])
def test_padding_is_tensorflow_s(side: int, kernel: int, stride: int) -> None:
    padded = same(torch.ones(1, 1, side, side), kernel, stride)
    assert (padded.shape[2] - kernel) // stride + 1 == -(-side // stride)
    before, after = (int((row == 0).sum()) for row in padded[0, 0, side // 2].tensor_split(2))
    assert after - before in (0, 1)


def test_anchors_that_see_one_face_are_averaged() -> None:
    box = np.array([[0.2, 0.2], [0.4, 0.4]] + [[0.3, 0.3]] * 6)
    places = np.stack([box, box + 0.01, box + 0.5])
    found, sure = faces(places, np.array([0.6, 0.9, 0.7]))
    assert sure.tolist() == [0.9, 0.7]
    np.testing.assert_allclose(found[0], box + 0.01 * 0.9 / 1.5)
    assert faces(places, np.array([0.1, 0.2, 0.4]))[0].shape == (0, 8, 2)


def other(folder: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(folder / "other.task", "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return folder / "other.task"


@pytest.mark.parametrize("part", ["detector", "landmarks", "blendshapes", "canonical"])
def test_another_file_is_told_in_a_line(tmp_path: Path, part: str) -> None:
    bare = tmp_path / "bare.task"
    bare.write_bytes(b"PK nothing")
    wrong = [bare, other(tmp_path, {})]
    for path in wrong:
        with pytest.raises(FaceloomError, match=r"not Google's face_landmarker\.task .*fetch it"):
            getattr(FaceLandmarker(path), part)


@needs_weights
def test_a_damaged_or_swapped_member_is_told_in_a_line(tmp_path: Path) -> None:
    with zipfile.ZipFile(WEIGHTS) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    swapped = {"face_detector.tflite": members["face_blendshapes.tflite"]}
    cut = {name: data[: len(data) // 2] for name, data in members.items()}
    with pytest.raises(FaceloomError, match="weights"):
        _ = FaceLandmarker(other(tmp_path, swapped)).detector
    for part in ("landmarks", "canonical"):
        with pytest.raises(FaceloomError, match="not Google's"):
            getattr(FaceLandmarker(other(tmp_path, cut)), part)


def test_the_mesh_has_as_many_points_as_it_says() -> None:
    points, presence = FaceMesh()(torch.zeros(2, 3, 256, 256))
    assert points.shape == (2, 478, 3) and presence.shape == (2,)
