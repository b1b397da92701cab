"""Meshes fitted to faces: where they lie, which way they look, and what they need."""

from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.geometry.meshes import landmarks
from faceloom.media import frame_at
from faceloom.networks import prnet as networks
from faceloom.settings.refiners import MESHES
from faceloom.surfaces.atlas import Atlas, facing
from faceloom.surfaces.fitted import Fitter, Seen
from faceloom.surfaces.mesh478 import Mesh478
from faceloom.surfaces.prnet import Prnet, gridded
from faceloom.surfaces.tddfa import Tddfa

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights"
GOOGLE, BASEL = (tuple(WEIGHTS / each for each in MESHES[name]) for name in (None, "tddfa"))
needs_google = pytest.mark.skipif(not GOOGLE[0].exists(), reason="weights are not there")
needs_basel = pytest.mark.skipif(
    not all(each.exists() for each in BASEL), reason="weights are not there"
)


@pytest.fixture(scope="module")
def google() -> Mesh478:
    return Mesh478(GOOGLE)


@pytest.fixture(scope="module")
def face(google: Mesh478) -> Seen:
    """An actor, looking ahead."""
    image = np.asarray(frame_at(ROOT / "data/demo/boris.mp4", 0).image)
    mesh = google.mesher(image, np.array([[62.0, 82, 172, 206]]))[0]
    return image, landmarks(mesh)


def lies_well(fitter: Fitter, face: Seen) -> None:
    """Its eyes, mouth and nose are where the face's are, and its outside is outside."""
    (points, again), sure = fitter.found([face, face])
    assert torch.allclose(points, again, atol=1e-2)
    assert sure[0] > 0.9
    assert facing(points[None], torch.from_numpy(fitter.flat.triangles)).mean() > 0.35
    wide = np.linalg.norm(face[1][36] - face[1][45])
    for part, marks in ((fitter.flat.eyes, slice(36, 48)), (fitter.flat.mouth, slice(48, 68))):
        middle = points[part, :2].mean(dim=0).numpy()
        assert np.linalg.norm(middle - face[1][marks].mean(axis=0)) < 0.06 * wide
    nose = points[:, 2].argmin()
    assert np.linalg.norm(points[nose, :2].numpy() - face[1][30]) < 0.25 * wide


@needs_google
def test_google_s_mesh_lies_on_the_face(google: Mesh478, face: Seen) -> None:
    lies_well(google, face)


@needs_google
@needs_basel
def test_basel_s_mesh_lies_on_the_face(face: Seen) -> None:
    lies_well(Tddfa(BASEL), face)


@needs_basel
def test_basel_s_uv_mirrors_itself_and_is_whole() -> None:
    flat = Tddfa(BASEL).flat
    atlas = Atlas(flat, 64, torch.device("cpu"))
    assert atlas.inside.float().mean() > 0.6
    assert (atlas.inside == atlas.inside.flip(1)).float().mean() > 0.97
    left, right = (flat.uv[flat.eyes[each]].mean(axis=0) for each in (slice(0, 6), slice(6, 12)))
    assert abs(left[0] + right[0] - 1) < 0.02 and abs(left[1] - right[1]) < 0.02
    assert flat.uv[flat.mouth, 1].mean() > left[1]  # below the eyes


def written(folder: Path) -> tuple[Path, ...]:
    """PRNet's files, the network untaught and a quarter as wide, its face an ellipse."""
    rng = np.random.default_rng(0)
    arrays = {}
    for name, place in networks.names(networks.PositionMap(4)).items():
        values = rng.normal(0, 0.1, tuple(place.shape)).astype(np.float32)
        values = np.abs(values) + 1 if name.endswith(("variance", "gamma")) else values
        arrays[name] = values.transpose(2, 3, 1, 0) if values.ndim == 4 else values
    np.savez(folder / "prnet.npz", **arrays)
    rows, columns = np.indices((256, 256))
    oval = ((rows - 127.5) / 120) ** 2 + ((columns - 127.5) / 90) ** 2 < 1
    np.savetxt(folder / "face_ind.txt", np.flatnonzero(oval))
    np.savetxt(folder / "uv_kpt_ind.txt", rng.integers(60, 190, (2, 68)))
    return tuple(folder / each for each in MESHES["prnet"])


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, ...]:
    """PRNet's files; the network that is read is the narrow one."""
    read = networks.read_prnet
    monkeypatch.setattr("faceloom.surfaces.prnet.read_prnet", lambda path: read(path, 4))
    return written(tmp_path)


def test_prnet_s_mesh_is_its_map(files: tuple[Path, ...]) -> None:
    """Of an untaught network nothing is known but that a vertex is where its place says."""
    fitter = Prnet(files)
    rng = np.random.default_rng(1)
    image, points = rng.integers(0, 255, (99, 99, 3), np.uint8), rng.uniform(20, 80, (68, 2))
    meshes, sure = fitter.found([(image, points)])
    assert meshes.shape == (1, len(fitter.places), 3) and sure == [1.0]
    off = fitter.flat.uv[fitter.flat.mouth] * 256 - 0.5 - np.loadtxt(files[2]).T[48:]
    assert np.abs(off).max() <= 1
    flat = torch.from_numpy(np.pad(fitter.flat.uv * 256, [(0, 0), (0, 1)]))[None]
    assert facing(flat, torch.from_numpy(fitter.flat.triangles)).min() > 0.99


def test_a_grid_has_two_triangles_a_square() -> None:
    there = np.array([0, 2, 4, 512, 514, 516, 1024])
    grid = gridded(there)
    assert grid.places.tolist() == there.tolist()
    assert len(grid.triangles) == 5
    assert grid.uv[1].tolist() == [2.5 / 256, 0.5 / 256]


@pytest.mark.parametrize(("said", "told"), [("1 2", "68 landmarks"), ("a b", "not numbers alone")])
def test_other_landmarks_are_told(files: tuple[Path, ...], said: str, told: str) -> None:
    files[2].write_text(said)
    with pytest.raises(FaceloomError, match=told):
        Prnet(files)
