import numpy as np
import pytest
from scipy.special import ndtri

from faceloom.pixels import colour

RNG = np.random.default_rng(7)
IMAGE = RNG.integers(60, 180, (40, 50, 3)).astype(np.uint8)
REFERENCE = np.clip(RNG.normal([150, 120, 90], [30, 20, 10], (30, 30, 3)), 0, 255).astype(np.uint8)
MASK = np.zeros((40, 50), np.float32)
MASK[5:35, 10:40] = 1
WHOLE = np.ones((30, 30), np.float32)


def test_lab_of_known_colours() -> None:
    """sRGB white, black, mid grey and red; CIE numbers from Lindbloom's calculator."""
    image = np.array([[[255, 255, 255], [0, 0, 0], [119, 119, 119], [255, 0, 0]]], np.uint8)
    expected = [[100, 0, 0], [0, 0, 0], [50.03, 0, 0], [53.24, 80.09, 67.20]]
    assert np.allclose(colour.lab(image)[0], expected, atol=0.2)


def test_lab_and_back() -> None:
    assert np.abs(colour.rgb(colour.lab(IMAGE)) - IMAGE).max() < 0.7


def test_moments_weigh_by_the_mask() -> None:
    soft = RNG.random(MASK.shape).astype(np.float32) * MASK
    mean, spread = colour.moments(IMAGE, soft)
    values, weights = colour.lab(IMAGE).reshape(-1, 3), soft.reshape(-1, 1) / soft.sum()
    assert np.allclose(mean, (values * weights).sum(axis=0), atol=1e-3)
    assert np.allclose(spread**2, (values**2 * weights).sum(axis=0) - mean**2, atol=0.05)
    with pytest.raises(ValueError, match="empty"):
        colour.moments(IMAGE, MASK * 0)


def test_matched_moments_are_the_reference_s() -> None:
    calm = (IMAGE * 0.2 + 100).astype(np.float32)
    dull = (REFERENCE * 0.3 + 80).astype(np.float32)
    matched = colour.match_moments(calm, dull, MASK, WHOLE)
    assert matched.dtype == np.float32
    found, wanted = colour.moments(matched, MASK), colour.moments(dull, WHOLE)
    assert np.allclose(found[0], wanted[0], atol=0.2)
    assert np.allclose(found[1], wanted[1], atol=0.2)


def test_contrast_is_not_blown_up() -> None:
    flat = (np.full_like(IMAGE, 120) + RNG.integers(0, 3, IMAGE.shape)).astype(np.uint8)
    matched = colour.match_moments(flat.astype(np.float32), REFERENCE, MASK, WHOLE)
    before, after = colour.moments(flat, MASK)[1], colour.moments(matched, MASK)[1]
    assert (after <= before * colour.GAINS[1] * 1.05).all()
    assert (after[0] >= before[0] * 1.9).all()


def test_matched_histograms_are_the_reference_s() -> None:
    matched = colour.match_histogram(IMAGE, REFERENCE, MASK, WHOLE)
    assert matched.dtype == np.uint8
    share = [0.05, 0.25, 0.5, 0.75, 0.95]
    found = np.quantile(matched[MASK > 0], share, axis=0)
    assert np.abs(found - np.quantile(REFERENCE[WHOLE > 0], share, axis=0)).max() < 2


def test_histogram_matching_is_smooth_and_rising() -> None:
    ramp = np.repeat(np.linspace(0, 255, 256, dtype=np.float32)[None, :, None], 3, axis=2)
    ramp = np.repeat(ramp, 40, axis=0)
    middle = np.zeros(ramp.shape[:2], np.float32)
    middle[:, 60:180] = 1
    curve = colour.match_histogram(ramp, REFERENCE, middle, WHOLE)[0, :, 0]
    assert (np.diff(curve) >= 0).all()
    share = (np.arange(66, 174) - 59.5) / 120  # of the mask's even distribution
    assert np.abs(curve[66:174] - (150 + 30 * ndtri(share))).max() < 5
    assert np.allclose(np.diff(curve[20:60]), 1, atol=1e-3)


@pytest.mark.parametrize("match", [colour.match_moments, colour.match_histogram])
def test_matching_oneself_or_nothing_changes_nothing(match: object) -> None:
    assert callable(match)
    same = match(IMAGE, IMAGE, MASK, MASK)
    assert np.abs(same.astype(int) - IMAGE).max() <= 1
    assert np.array_equal(match(IMAGE, REFERENCE, MASK * 0, WHOLE), IMAGE)
    assert np.array_equal(match(IMAGE, REFERENCE, MASK, WHOLE * 0), IMAGE)


@pytest.mark.parametrize("match", [colour.match_moments, colour.match_histogram])
def test_background_in_the_mask_does_not_count(match: object) -> None:
    """A turned head: a sixth of the outline shows a blue wall."""
    assert callable(match)
    skin = np.clip(RNG.normal([190, 150, 130], 8, (60, 60, 3)), 0, 255).astype(np.uint8)
    turned = skin.copy()
    turned[:, 50:] = [40, 80, 230]
    face = np.clip(RNG.normal([150, 110, 90], 8, (60, 60, 3)), 0, 255).astype(np.uint8)
    mask = np.ones((60, 60), np.float32)
    alone = match(face, skin[:, :50], mask, mask[:, :50]).astype(float)
    assert np.abs(match(face, turned, mask, mask) - alone).max() <= 2


def test_lips_and_brows_belong_to_a_face() -> None:
    face = np.clip(RNG.normal([190, 150, 130], 8, (60, 60, 3)), 0, 255).astype(np.uint8)
    face[10:14, 10:25], face[45:50, 20:40] = [60, 40, 30], [180, 110, 105]
    kept = colour.usual(face, np.ones((60, 60), np.float32))
    assert kept[10:14, 10:25].mean() > 0.95
    assert kept[45:50, 20:40].mean() > 0.95
    assert kept.mean() > 0.99
