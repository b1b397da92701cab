"""Kinds of parsing against what was rendered: where the face is, and what is before it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from actors import places, with_renderer
from faceloom.geometry.landmarks import aligned
from faceloom.geometry.similarity import apply
from faceloom.images import encode_png, from_mask
from faceloom.measures import bisenet, mesh_hulls, unet
from faceloom.media import frame_at
from faceloom.networks.bisenet import PARTS
from faceloom.pixels.masks import hull, outlined
from faceloom.pixels.parsing import LABELS, Parse
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.settings.actors import Actors
from faceloom.stages.actors import actors

ROOT = Path(__file__).parents[3]
KINDS: dict[str, tuple[Callable[..., Callable[[Iterable[Face]], Iterator[Parse]]], Path]] = {
    "mesh_hulls": (mesh_hulls.make, ROOT / "resources/weights/face_landmarker.task"),
    "unet": (unet.make, ROOT / "data/models/face_parser.pt"),
    "bisenet": (bisenet.make, ROOT / "resources/weights/79999_iter.pth"),
}
OCCLUDER = LABELS.index("occluder")
LIPS, INSIDE = slice(48, 60), slice(60, 68)  # of 68 landmarks: what is around


def shown(clip: str, frame: int, *, bar: bool = False) -> tuple[Face, np.ndarray]:
    """A rendered face as `crop` cuts it out, and where it is; with a blue bar over the mouth."""
    image = np.array(frame_at(ROOT / f"data/demo/{clip}.mp4", frame).image)
    told = json.loads((ROOT / f"data/demo/{clip}.json").read_text())["per_frame"]
    points = np.array(told[frame]["lm68"]) - 0.5
    with np.load(ROOT / f"data/demo/{clip}.npz") as arrays:
        truth = arrays["swap"][frame].astype(np.float32)
    if bar:
        middle = tuple(np.rint(points[48:].mean(axis=0)).astype(int).tolist())
        for picture, colour in ((image, (30, 60, 160)), (truth, 0.0)):
            cv2.line(picture, middle, (middle[0] - 90, middle[1] + 90), colour, 26)
    matrix = aligned(points, 256, 0.9)
    face = Face(
        clip=clip, person=clip, frame=frame, track=0, bridged=False, width=256, height=256,
        landmarks=points.ravel().tolist(), matrix=matrix.ravel().tolist(),
        mask=encode_png(from_mask(hull(apply(matrix, points), (256, 256), 0.2))),
        image=encode_png(np.ascontiguousarray(cut(image, matrix, 256))),
    )  # fmt: skip
    return face, cut(truth, matrix, 256)


def parses(kind: str, faces: list[Face]) -> list[Parse]:
    make, weights = KINDS[kind]
    if not weights.exists():
        pytest.skip("weights are not there")
    return list(make(weights=(weights,))(faces))


def shared(one: np.ndarray, two: np.ndarray) -> float:
    return float((one & two).sum() / (one | two).sum())


@pytest.mark.parametrize(("kind", "least"), [("mesh_hulls", 0.8), ("unet", 0.9), ("bisenet", 0.8)])
def test_the_face_is_where_it_was_rendered(kind: str, least: float) -> None:
    faces, truths = zip(*(shown("boris", 12), shown("chen", 30)), strict=True)
    for found, truth in zip(parses(kind, list(faces)), truths, strict=True):
        assert found.labels.shape == found.face.shape == (256, 256)
        assert found.labels.dtype == np.uint8 and found.face.dtype == np.float32
        assert found.face.min() >= 0 and found.face.max() <= 1
        assert shared(found.face > 0.5, truth > 0.5) > least


@pytest.mark.parametrize("kind", KINDS)
def test_eyes_are_where_landmarks_have_them(kind: str) -> None:
    face, _ = shown("boris", 12)
    (found,) = parses(kind, [face])
    for eye in (slice(36, 42), slice(42, 48)):
        x, y = np.rint(apply(face.affine, face.points)[eye].mean(axis=0)).astype(int)
        near = found.labels[y - 6 : y + 7, x - 8 : x + 9]
        assert (near == LABELS.index("eyes")).any()


def test_lips_are_no_inside_of_a_mouth() -> None:
    face, _ = shown("boris", 12)
    (found,) = parses("mesh_hulls", [face])
    points = apply(face.affine, face.points)
    points = apply(face.affine, face.points)
    lips, inside = (outlined([points[part]], (256, 256)).sum() for part in (LIPS, INSIDE))
    assert (found.labels == LABELS.index("mouth")).sum() < (inside + lips) / 2


def test_what_is_before_a_face_is_seen() -> None:
    faces, truths = zip(*(shown("boris", 12, bar=True), shown("chen", 30, bar=True)), strict=True)
    labels = np.stack([found.labels for found in parses("unet", list(faces))])
    plain = np.stack([shown(face.clip, face.frame)[1] for face in faces]) > 0.5
    seen = np.stack(truths) > 0.5
    assert (labels[plain & ~seen] == OCCLUDER).mean() > 0.9
    assert (labels[seen] == OCCLUDER).mean() < 0.05


def test_bisenet_s_cloth_within_the_face_is_before_it() -> None:
    scores = np.zeros((19, 8, 8), np.float32)
    scores[PARTS.index("skin")] = 1
    scores[PARTS.index("cloth"), 4:] = 2
    scores[PARTS.index("hair"), :1] = 2
    mask = np.zeros((8, 8), np.float32)
    mask[:, :4] = 1
    labels, face = bisenet.parse(scores, mask)
    assert (labels[4:, :4] == OCCLUDER).all()
    assert (labels[4:, 4:] == LABELS.index("cloth")).all()
    assert (labels[:1] == LABELS.index("hair")).all()
    assert np.array_equal(face > 0, (mask > 0) & (labels == LABELS.index("skin")))


@pytest.mark.truth
@with_renderer
def test_on_people_drawn_afresh_all_that_was_asked_for_holds(tmp_path: Path) -> None:
    """Random casts that nothing was taught on, a hand or a microphone before most of them."""
    for number, occluder in enumerate(("hand", "microphone", "none")):
        settings = Actors(size=192, samples=4, every=10, occluder=occluder)  # type: ignore[arg-type]
        out = tmp_path / occluder
        actors(out, seed=930 + number, frames=5, people=3, settings=settings, **places())
    open_faces, every = said(tmp_path / "none"), said(*sorted(tmp_path.iterdir()))
    assert open_faces["mesh_hulls_iou"] >= 0.8  # outlines know nothing of what is before a face
    assert every["unet_iou"] >= 0.9
    assert every["unet_left"] <= 0.1
    assert every["unet_taken"] <= 0.05


def said(*shots: Path) -> dict[str, float]:
    """The figures of the benchmark over these folders."""
    line = [sys.executable, str(ROOT / "benchmarks/parsing.py"), "--shots", *map(str, shots)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    found = re.findall(r"^(\w+): (\S+)$", done.stdout, re.M)
    return {name: float(each) for name, each in found}
