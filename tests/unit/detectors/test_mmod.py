"""mmod and dlib_mmod: one network, two ways to compute it, one answer."""

from pathlib import Path

import numpy as np
import pytest

from faceloom.detectors import dlib_mmod, mmod
from faceloom.media import pictures

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/mmod_human_face_detector.dat"
pytestmark = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")
SAID = {"upsample": 0, "precision": "fp32", "weights": (WEIGHTS,)}


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    return next(pictures(ROOT / "data/demo/boris.mp4")).image


@pytest.mark.parametrize("video", [None, {"every": 3}])
def test_the_same_as_dlib(face: np.ndarray, video: dict[str, int] | None) -> None:
    detector = mmod.make(**SAID, threshold=0.0, video=video)
    (theirs,) = dlib_mmod.make(upsample=0, threshold=0.0, weights=(WEIGHTS,))(face)
    for _ in range(2):
        (ours,) = detector(face)
        assert ours.box.tolist() == theirs.box.tolist()
        assert ours.score == pytest.approx(theirs.score, abs=1e-4)
        assert isinstance(ours.score, float)


def test_a_threshold(face: np.ndarray) -> None:
    (found,) = mmod.make(**SAID, threshold=0.0, video=None)(face)
    for threshold, count in ((found.score - 0.01, 1), (found.score + 0.01, 0)):
        assert len(mmod.make(**SAID, threshold=threshold, video=None)(face)) == count
        theirs = dlib_mmod.make(upsample=0, threshold=threshold, weights=(WEIGHTS,))
        assert len(theirs(face)) == count


def test_a_picture_that_is_no_block_of_memory_will_do(face: np.ndarray) -> None:
    wide = np.dstack([face, face])[..., :3]
    assert len(mmod.make(**SAID, threshold=0.0, video=None)(wide)) == 1
    assert len(mmod.make(**SAID, threshold=0.0, video={"every": 2})(wide[:, ::-1])) == 1
