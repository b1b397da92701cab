"""texture: a new face takes the host's motion, keeps its own look, and only where it should."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from faceloom.geometry.meshes import landmarks
from faceloom.media import frame_at
from faceloom.meshes import Mesher
from faceloom.pixels.semantics import SHOWN
from faceloom.refiners import texture
from faceloom.refiners.touched import Touched
from faceloom.settings.refiners import MESHES

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/face_landmarker.task"
TDDFA = tuple(ROOT / "resources/weights" / name for name in MESHES["tddfa"])
pytestmark = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")

BOX = np.array([62.0, 82, 172, 206])
KNOBS: dict[str, Any] = {
    "part": "face", "shape": "host", "size": 256, "steady": 0.0, "least": 0.5, "covered": 0.05,
    "batch": 2, "threads": 1, "weights": (WEIGHTS,),
}  # fmt: skip


@pytest.fixture(scope="module")
def face() -> Touched:
    """An actor with shut eyes, in whose place there is another frame of his, eyes open."""
    host, new = (np.asarray(frame_at(ROOT / "data/demo/boris.mp4", n).image) for n in (22, 21))
    points = landmarks(Mesher(WEIGHTS)(host, BOX[None])[0])
    return Touched(1, 0, new, host, np.ones(host.shape[:2], np.float32), points)


def refined(*faces: Touched, **knobs: Any) -> list[Touched]:
    return list(texture.make(**KNOBS | knobs)(iter(faces)))


def wrong(one: np.ndarray, two: np.ndarray, face: Touched) -> float:
    """Mean difference within the inner landmarks."""
    inner = np.zeros(one.shape[:2], np.uint8)
    cv2.fillConvexPoly(inner, cv2.convexHull(np.rint(face.points[17:]).astype(np.int32)), 1)
    return float(np.abs(one.astype(float) - two)[inner > 0].mean())


def test_a_face_in_its_own_place_stays(face: Touched) -> None:
    own = replace(face, image=face.host)
    (made,) = refined(own)
    assert wrong(made.image, own.image, face) < 1.5
    assert np.array_equal(made.image[:40], own.image[:40])
    assert replace(made, image=own.image) == own


def test_a_moved_face_goes_where_the_host_is(face: Touched) -> None:
    shift = np.float32([[1, 0, 5], [0, 1, 3]])
    moved = cv2.warpAffine(face.host, shift, face.host.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
    off = replace(face, image=moved)
    (made,) = refined(off)
    assert wrong(made.image, face.host, face) < 0.5 * wrong(moved, face.host, face)


def test_its_own_shape_stays_where_it_is_asked_to(face: Touched) -> None:
    wide = cv2.resize(face.host, None, fx=1.12, fy=1)[:, 15:271]
    off = [replace(face, image=np.ascontiguousarray(wide), frame=n) for n in range(2)]
    for made in refined(*off, shape="donor"):
        assert wrong(made.image, wide, face) < 1.5
    for made in refined(*off, shape="host"):
        assert wrong(made.image, wide, face) > 3


@pytest.mark.parametrize(("part", "rows"), [("eyes", (0.0, 0.55)), ("mouth", (0.45, 1.0))])
def test_a_part_leaves_the_rest(face: Touched, part: str, rows: tuple[float, float]) -> None:
    (made,) = refined(replace(face, image=255 - face.host), part=part, least=0.0)
    changed = (made.image != 255 - face.host).any(axis=2)
    top, bottom = face.points[17:27, 1].min(), face.points[8, 1]
    (touched,) = np.nonzero(changed.any(axis=1))
    assert top + rows[0] * (bottom - top) - 6 < touched.min()
    assert touched.max() < top + rows[1] * (bottom - top) + 6


def test_no_face_is_left_alone_and_told(face: Touched, caplog: pytest.LogCaptureFixture) -> None:
    rng = np.random.default_rng(0)
    covered = replace(face, host=rng.integers(0, 255, face.host.shape, np.uint8))
    made = refined(covered, face)
    assert np.array_equal(made[0].image, covered.image)
    assert not np.array_equal(made[1].image, face.image)
    assert "1 of 2 faces left alone" in caplog.text


@pytest.mark.skipif(not all(each.exists() for each in TDDFA), reason="weights are not there")
def test_the_basel_face_model_does_it_too(face: Touched) -> None:
    """There and back, and a moved face to where the host is, by 3DDFA_V2's mesh."""
    shift = np.float32([[1, 0, 5], [0, 1, 3]])
    moved = cv2.warpAffine(face.host, shift, face.host.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
    own, off = replace(face, image=face.host), replace(face, image=moved)
    made = refined(own, off, mesh="tddfa", weights=TDDFA)
    assert wrong(made[0].image, own.image, face) < 2.5
    assert wrong(made[1].image, face.host, face) < 0.6 * wrong(moved, face.host, face)


def test_what_is_behind_a_hand_is_left_alone_and_told(
    face: Touched, caplog: pytest.LogCaptureFixture
) -> None:
    plain, hand = (np.full(face.mask.shape, SHOWN.index("skin"), np.int32) for _ in range(2))
    hand[100:, :40] = SHOWN.index("occluder")  # a tenth of the mask
    behind = replace(face, maps=(hand, hand))
    with caplog.at_level("WARNING"):
        (made,) = refined(behind)
    assert made is behind
    assert "1 of 1 faces left alone" in caplog.text
    for each in (replace(face, maps=(plain, plain)), replace(behind, painted=True)):
        (made,) = refined(each)
        assert not np.array_equal(made.image, face.image)
    (made,) = refined(behind, covered=0.2)
    assert not np.array_equal(made.image, face.image)


def test_none_to_refine_gives_none() -> None:
    assert refined() == []
