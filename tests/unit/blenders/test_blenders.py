"""Blenders: the face inside, the frame outside, and what lies between."""

import numpy as np
import pytest

from faceloom.blenders import feather, poisson, pyramid
from faceloom.pixels.masks import dilated, hull
from faceloom.pixels.sharpness import luma
from faces import EMI, shot

FACE = shot(3, tall=90, skin=EMI).image.astype(np.float32)
FRAME, POINTS = shot(0, tall=90)
FRAME = FRAME.astype(np.float32)
MASK = hull(POINTS, (160, 120))
SIDE = 110.0
BLENDERS = {
    "feather": feather.make(width=0.03),
    "pyramid": pyramid.make(levels=4),
    "poisson": poisson.make(),
}
every = pytest.mark.parametrize("kind", BLENDERS)


@every
def test_a_frames_own_face_changes_nothing(kind: str) -> None:
    made = BLENDERS[kind](FRAME, FRAME, MASK, SIDE)
    assert made.dtype == np.float32
    assert np.abs(made - FRAME).max() < 0.01


@every
def test_far_from_the_mask_the_frame_stays(kind: str) -> None:
    made = BLENDERS[kind](FACE, FRAME, MASK, SIDE)
    reach = 50 if kind == "pyramid" else 0  # of its coarsest band
    outside = dilated(MASK, reach) == 0 if reach else MASK == 0
    assert outside.any() and np.abs(made - FRAME)[outside].max() < 0.01


@every
def test_an_empty_mask_leaves_the_frame(kind: str) -> None:
    made = BLENDERS[kind](FACE, FRAME, np.zeros_like(MASK), SIDE)
    assert np.abs(made - FRAME).max() < 0.01


@every
def test_nothing_leaves_the_range_of_grey_levels(kind: str) -> None:
    black, white = np.zeros_like(FRAME), np.full_like(FRAME, 255)
    for face, frame in ((black, white), (white, black), (FACE, white)):
        made = BLENDERS[kind](face, frame, MASK, SIDE)
        assert made.min() >= 0 and made.max() <= 255


@pytest.mark.parametrize("kind", ["feather", "pyramid"])
def test_in_the_middle_is_the_face(kind: str) -> None:
    made = BLENDERS[kind](FACE, FRAME, MASK, SIDE)
    x, y = np.rint(POINTS[30]).astype(int)
    near = (slice(y - 5, y + 6), slice(x - 5, x + 6))
    assert np.abs(made[near] - FRAME[near]).mean() > 30
    assert np.abs(made[near] - FACE[near]).mean() < (1e-3 if kind == "feather" else 12)


def test_a_feather_fades_over_its_share_of_the_crop() -> None:
    square = np.zeros((101, 101), np.float32)
    square[20:81, 20:81] = 1
    white, black = np.full((101, 101, 3), 200, np.float32), np.zeros((101, 101, 3), np.float32)
    line = feather.make(width=0.05)(white, black, square, 60.0)[50, :, 0] / 200
    # a smooth step over three standard deviations: 9 pixels, of which the first counts as one
    along = np.minimum(np.arange(1, 32) / 9, 1)
    assert line[20:51] == pytest.approx(along**2 * (3 - 2 * along), abs=0.02)
    assert line[:20].max() == 0 and line[81:].max() == 0
    twice = feather.make(width=0.05)(white, black, square, 120.0)[50, :, 0] / 200
    assert twice[29] < line[29] - 0.3


def test_no_fade_is_the_mask_itself() -> None:
    made = feather.make(width=0.0)(FACE, FRAME, MASK, SIDE)
    assert np.allclose(made, FRAME + MASK[..., None] * (FACE - FRAME), atol=1e-3)


def seam(made: np.ndarray) -> float:
    """How much neighbouring pixels differ where a grey face was laid on black."""
    return float(np.abs(np.diff(made[60, :, 0])).max())


def test_more_levels_make_a_wider_seam() -> None:
    grey, black = np.full_like(FRAME, 150), np.zeros_like(FRAME)
    steps = [seam(pyramid.make(levels=n)(grey, black, MASK, 400.0)) for n in (1, 2, 4)]
    assert steps[0] > 1.5 * steps[1] > 1.5 * 1.5 * steps[2]


def test_poisson_takes_gradients_not_colours() -> None:
    made = poisson.make()(FRAME / 2 + 60, FRAME / 2, MASK, SIDE)
    assert np.abs(made - FRAME / 2).max() < 1


def test_poisson_leaves_the_wall_on_the_wall() -> None:
    """A turned head, and a mask that takes in a strip of the blue behind it."""
    frame = np.full_like(FRAME, (190, 150, 130))
    edge = int(np.median(np.nonzero(MASK > 0.5)[1])) + 12
    frame[:, edge:] = (40, 80, 230)
    face = np.full_like(FRAME, (170, 140, 120))
    made = poisson.make()(face, frame, MASK, SIDE)
    on_face = (MASK > 0.5) & (np.arange(MASK.shape[1]) < edge)
    assert np.abs(made - frame)[on_face].max() < 5
    assert np.abs(made - frame)[:, edge:].max() < 1


def test_poisson_shows_the_face_in_the_frames_light() -> None:
    pattern = 20 * np.sin(np.indices((120, 160)).sum(axis=0) / 2)[..., None]
    made = poisson.make()(np.clip(FACE + pattern, 0, 255), FRAME, MASK, SIDE)
    inside = dilated(1 - MASK, 8) == 0
    own, theirs, ours = (luma(each)[inside] for each in (made, FACE + pattern, FRAME))
    assert np.corrcoef(own, theirs)[0, 1] > 0.95 > 0.85 > np.corrcoef(own, ours)[0, 1]
