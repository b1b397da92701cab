"""The committed clips with a hand and a microphone: what their labels say is so."""

from pathlib import Path

import numpy as np
import pytest

from faceloom.actors import labels
from faceloom.rows.acted import UNITS

CLIPS = Path(__file__).parents[3] / "data/actors/clips"
PAIRS = [("erik", "erik_as_dayo", "hand"), ("faye", "faye_as_anna", "microphone")]


def test_there_are_two_clips_with_their_twins() -> None:
    assert labels.shots(CLIPS) == sorted(name for pair in PAIRS for name in pair[:2])


@pytest.mark.parametrize(("host", "twin", "kind"), PAIRS)
def test_the_same_thing_passes_before_both_faces(host: str, twin: str, kind: str) -> None:
    clip, other = labels.shot(CLIPS, host), labels.shot(CLIPS, twin)
    assert clip.facts["drawn"]["occluder"] == other.facts["drawn"]["occluder"] == kind
    before = [shot.seg == labels.OCCLUDER for shot in (clip, other)]
    assert np.mean(before[0] != before[1]) < 0.002
    covered = before[0].reshape(len(before[0]), -1).mean(1)
    assert covered.max() > 0.03
    for shot, hides in zip((clip, other), before, strict=True):
        assert not shot.swap[hides].any()
        assert shot.swap.dtype == shot.soft.dtype == shot.seg.dtype == np.uint8
        assert shot.depth.dtype == np.float16


@pytest.mark.parametrize(("host", "twin", "kind"), PAIRS)
def test_both_do_the_same(host: str, twin: str, kind: str) -> None:
    clip, other = labels.shot(CLIPS, host), labels.shot(CLIPS, twin)
    for one, same in zip(clip.frames, other.frames, strict=True):
        assert [getattr(one, unit) for unit in UNITS] == [getattr(same, unit) for unit in UNITS]
        assert (one.yaw, one.key) == (same.yaw, same.key)
    apart = np.linalg.norm(clip.points - other.points, axis=-1)
    eyes = np.linalg.norm(clip.points[:, 36] - clip.points[:, 45], axis=-1)
    assert 0.005 < (apart.mean(1) / eyes).mean() < 0.25


@pytest.mark.parametrize("name", [name for pair in PAIRS for name in pair[:2]])
def test_labels_lie_on_the_face(name: str) -> None:
    shot = labels.shot(CLIPS, name)
    for seg, points in zip(shot.seg, shot.points, strict=True):
        at = np.rint(points[27:]).astype(int)
        seen = seg[at[:, 1], at[:, 0]]
        free = seen[seen != labels.OCCLUDER]
        assert np.isin(free, labels.FACE).mean() > 0.85 or len(free) < 10
