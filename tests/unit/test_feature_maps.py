"""feature_maps: averaged over places, of length 1, of what each network is to see of a face."""

import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from torch import Tensor, nn

from faceloom.feature_maps import BATCH, averaged
from faceloom.geometry.landmarks import aligned
from faceloom.images import decode, encode_png
from faceloom.media import frame_at
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "resources/weights"
KINDS = {
    "sface_map": ("sface.onnx", 1024),
    "facenet_map": ("facenet_20180402.pb", 1792),
    "dlib_map": ("dlib_face_recognition_resnet_model_v1.dat", 256),
    "vgg16_map": ("lpips_vgg16.ckpt", 512),
    "resnet50_map": ("resnet50.tfjs", 2048),
}


def shown(clip: str, frame: int, size: int = 256) -> Face:
    """A rendered face cut out as `crop` does it, on so many pixels."""
    told = json.loads((ROOT / f"data/demo/{clip}.json").read_text())["per_frame"][frame]
    points = np.array(told["lm68"]) - 0.5
    matrix = aligned(points, size, 0.6)
    image = np.asarray(frame_at(ROOT / f"data/demo/{clip}.mp4", frame).image)
    return Face(
        clip=clip,
        person=clip,
        frame=frame,
        track=0,
        bridged=False,
        width=256,
        height=256,
        landmarks=points.ravel().tolist(),
        matrix=matrix.ravel().tolist(),
        mask=encode_png(np.full((size, size), 255, np.uint8)),
        image=encode_png(np.asarray(cut(image, matrix, size))),
    )


def test_a_map_is_averaged_and_each_face_has_its_own() -> None:
    """A network that tells red, green and blue from the left half on."""
    faces = [shown("boris", frame) for frame in range(0, 30, 3)]
    assert len(faces) > BATCH

    def left_half(pictures: Tensor) -> Tensor:
        assert pictures.shape[1:] == (3, 32, 32)
        assert -1 <= pictures.min() < -0.5 and 0.2 < pictures.max() <= 1
        return pictures[..., :16]

    def whole(_: np.ndarray) -> np.ndarray:
        return np.eye(2, 3)

    found = list(averaged(nn.Identity(), left_half, size=32, laid=whole)(iter(faces)))
    for face, numbers in zip(faces, found, strict=True):
        corner = cut(decode(face.image), np.eye(2, 3), 32)[:, :16] / 127.5 - 1
        mean = corner.mean((0, 1))
        np.testing.assert_allclose(numbers, mean / np.linalg.norm(mean), atol=1e-5)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_face_is_nearest_to_itself_at_another_size(kind: str) -> None:
    name, count = KINDS[kind]
    if not (WEIGHTS / name).exists():
        pytest.skip(f"{name} is not there; fetch it with faceloom weights")
    measure = import_module(f"faceloom.measures.{kind}").make(weights=(WEIGHTS / name,))
    faces = [shown("boris", 0), shown("boris", 0, 300), shown("chen", 36)]
    one, large, other = map(np.array, measure(faces))
    assert len(one) == count
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(one - large) < 0.5 * np.linalg.norm(one - other)
