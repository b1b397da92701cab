"""mesh_pose, gaze, mouth, action_units: what the mesh tells, against what was rendered."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from faceloom.geometry.landmarks import aligned
from faceloom.images import encode_png
from faceloom.measures import action_units, gaze, mesh_pose, mouth
from faceloom.media import frame_at
from faceloom.networks.blendshape_names import NAMES
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/face_landmarker.task"
needs_weights = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")


def shown(clip: str, frame: int) -> tuple[Face, Any]:
    """A rendered face cut out as `crop` does it, and what the renderer says of it."""
    image = np.asarray(frame_at(ROOT / f"data/demo/{clip}.mp4", frame).image)
    truth = json.loads((ROOT / f"data/demo/{clip}.json").read_text())["per_frame"][frame]
    points = np.array(truth["lm68"]) - 0.5
    matrix = aligned(points, 256, 0.9)
    crop = np.asarray(cut(image, matrix, 256))
    face = Face(
        clip=clip,
        person=clip,
        frame=frame,
        track=0,
        bridged=False,
        width=256,
        height=256,
        landmarks=points.ravel().tolist(),
        matrix=matrix.ravel().tolist(),
        mask=encode_png(np.full((256, 256), 255, np.uint8)),
        image=encode_png(crop),
    )
    return face, truth


@pytest.fixture(scope="module")
def right() -> tuple[Face, Any]:
    """A smile, the mouth shut, looking to the picture's right."""
    return shown("boris", 12)


@pytest.fixture(scope="module")
def open_() -> tuple[Face, Any]:
    """The mouth wide open."""
    truths = json.loads((ROOT / "data/demo/boris.json").read_text())["per_frame"]
    wide = [each["expression"].get("mouth-open", 0) for each in truths]
    return shown("boris", int(np.argmax(wide)))


@needs_weights
def test_the_head_points_where_it_was_turned_to(right: Any, open_: Any) -> None:
    found = list(mesh_pose.make(weights=(WEIGHTS,))([right[0], open_[0]]))
    assert len(found) == 2
    for angles, (_, truth) in zip(found, (right, open_), strict=True):
        turned = truth["head_pose_deg"]
        apart = np.abs(np.array(angles) - [turned[name] for name in ("yaw", "pitch", "roll")])
        assert (apart < (5, 8, 2)).all(), apart  # whose nod is none, differs from face to face


@needs_weights
def test_eyes_look_to_the_side_they_were_turned_to() -> None:
    truths = json.loads((ROOT / "data/demo/boris.json").read_text())["per_frame"]
    yaws = [each["gaze_deg"][0] for each in truths]
    faces = [shown("boris", int(frame))[0] for frame in (np.argmin(yaws), np.argmax(yaws))]
    (left, _), (right, _) = gaze.make(weights=(WEIGHTS,))(faces)
    assert right - left > (max(yaws) - min(yaws)) / 3


@needs_weights
def test_an_open_mouth_is_open(right: Any, open_: Any) -> None:
    (shut, wide), (gap, _) = mouth.make(weights=(WEIGHTS,))([right[0], open_[0]])
    assert shut < 0.03 and gap > 0.1
    assert 0.4 < wide < 0.8


@needs_weights
def test_units_are_seventeen_intensities_and_three_angles(right: Any, open_: Any) -> None:
    smiling, opened = action_units.make(weights=(WEIGHTS,))([right[0], open_[0]])
    names = list(action_units.UNITS)
    assert len(smiling) == len(opened) == 20 and max(smiling[:17]) <= 5
    assert smiling[names.index("AU12 lip corner puller")] > 1.5
    assert opened[names.index("AU26 jaw drop")] > smiling[names.index("AU26 jaw drop")] + 0.5
    assert smiling[17] == pytest.approx(right[1]["head_pose_deg"]["yaw"], abs=5)


def test_a_unit_of_all_that_it_is_made_of_is_five() -> None:
    units = action_units.linear()
    assert units.shape == (17, 52)
    np.testing.assert_allclose(units.sum(axis=1), 5)
    smile = units[list(action_units.UNITS).index("AU12 lip corner puller")]
    assert smile[NAMES.index("mouthSmileLeft")] == smile[NAMES.index("mouthSmileRight")] == 2.5
    assert (units[:, NAMES.index("_neutral")] == 0).all()
