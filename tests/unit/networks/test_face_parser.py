"""The face parser: red first, [-1, 1], 128 pixels; what it says of a rendered face is on record."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.geometry.landmarks import aligned
from faceloom.images import to_planes
from faceloom.media import frame_at
from faceloom.networks.face_parser import COVERAGE, SIZE, FaceParser, load
from faceloom.pixels.warps import cut

ROOT = Path(__file__).parents[3]
PROMOTED = ROOT / "data/models/face_parser.pt"
RECORD = Path(__file__).with_name("face_parser.json")


@torch.inference_mode()
def test_its_scores_are_those_on_record() -> None:
    said = json.loads(RECORD.read_text())
    image = np.asarray(frame_at(ROOT / said["clip"], said["frame"]).image)
    view = cut(image, aligned(np.array(said["landmarks"]), SIZE, COVERAGE), SIZE)
    found = load(PROMOTED)(torch.from_numpy(to_planes(view[None])))
    places = np.array(said["places"])
    labels = found.labels[0, :, places[:, 0], places[:, 1]].T.numpy()
    face = found.face[0, places[:, 0], places[:, 1]].numpy()
    np.testing.assert_allclose(labels, said["labels"], atol=0.02)
    np.testing.assert_allclose(face, said["face"], atol=0.02)


@torch.inference_mode()
def test_labels_and_face_are_of_the_pictures_size() -> None:
    found = FaceParser().eval()(torch.zeros(2, 3, 64, 96))
    assert found.labels.shape == (2, 8, 64, 96)
    assert found.face.shape == (2, 64, 96)


def test_it_is_small() -> None:
    assert sum(each.numel() for each in FaceParser().parameters()) < 2_000_000
    assert PROMOTED.stat().st_size < 3 << 20


@pytest.mark.parametrize("written", [b"", b"no network", {"weights": {}}])
def test_another_file_is_refused(tmp_path: Path, written: object) -> None:
    file = tmp_path / "face_parser.pt"
    if isinstance(written, bytes):
        file.write_bytes(written)
    else:
        torch.save(written, file)
    with pytest.raises(FaceloomError, match="no network of faceloom parser"):
        load(file)
