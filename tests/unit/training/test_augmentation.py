"""Augmentation, read back from pictures whose colours are their coordinates."""

from dataclasses import fields, replace

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from faceloom.training import light, views, wear
from faceloom.training.augmentation import Augmentation
from faceloom.training.augmentation import augmented as augmented_sample
from faceloom.training.batch import Batch
from faceloom.training.faces import Sample
from faceloom.training.views import resized, similarity

STILL = Augmentation(*[0.0] * len(fields(Augmentation)))


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def augmented(
    images: Tensor,
    masks: Tensor,
    options: Augmentation,
    size: int,
    draws: torch.Generator,
    eyes: Tensor | None = None,
    others: Tensor | None = None,
) -> Batch:
    pixels = torch.cat([images, masks[..., None]], -1).contiguous()
    return augmented_sample(Sample(pixels, eyes), options, size, draws, others)


def noise(size: int, count: int = 3) -> tuple[Tensor, Tensor]:
    random = np.random.default_rng(size)
    images = random.integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    masks = random.integers(0, 256, (count, size, size), dtype=np.uint8)
    return torch.from_numpy(images), torch.from_numpy(masks)


def coordinates(size: int = 128, count: int = 8) -> tuple[Tensor, Tensor]:
    """Red is x, green is y, from -.5 to .5 in the middle half, so that no view leaves it."""
    ramp = torch.arange(size) / size * 255
    red, green = torch.meshgrid(ramp, ramp, indexing="xy")
    image = torch.stack([red, green, torch.zeros_like(red)], -1).round().to(torch.uint8)
    return image.expand(count, -1, -1, -1), torch.zeros(count, size, size, dtype=torch.uint8)


def positions(views: Tensor, size: int = 128) -> Tensor:
    """Where in a picture of coordinates each pixel comes from: complex, -1 to 1."""
    place = (views[:, :2] + 1) / 2 * size + 0.5
    return torch.complex(*(place * 2 / size - 1).unbind(1))


def inner(points: Tensor) -> Tensor:
    """Without the rim, where views end at the picture's edge."""
    return points[:, 8:-8, 8:-8]


def plane(size: int) -> Tensor:
    centres = (torch.arange(size) + 0.5) * 2 / size - 1
    return torch.complex(*torch.meshgrid(centres, centres, indexing="xy"))


@pytest.mark.parametrize("bank", [64, 96, 128, 160, 256])
def test_all_zero_is_an_area_resize_without_a_shift(bank: int) -> None:
    images, masks = noise(bank)
    batch = augmented(images, masks, STILL, 64, rng())
    for number in range(len(images)):
        expected = cv2.resize(images[number].numpy(), (64, 64), interpolation=cv2.INTER_AREA)
        for view in (batch.target, batch.warped):
            found = (view[number].permute(1, 2, 0).numpy() + 1) * 127.5
            assert (
                abs(found - expected).max() <= 1.001
            )  # both are whole numbers, but for the last bits
        mask = cv2.resize(masks[number].numpy(), (64, 64), interpolation=cv2.INTER_AREA)
        assert abs(batch.mask[number, 0].numpy() * 255 - mask).max() <= 1


def test_an_enlarged_picture_keeps_its_means() -> None:
    images, _ = noise(48)
    pixels = images.permute(0, 3, 1, 2).float()
    large = resized(pixels, 64)
    assert large.shape[-1] == 64
    torch.testing.assert_close(large.mean((2, 3)), pixels.mean((2, 3)))


def test_a_flip_mirrors_picture_and_mask() -> None:
    images, masks = noise(128)
    plain = augmented(images, masks, STILL, 64, rng())
    mirrored = augmented(images, masks, replace(STILL, flip=1), 64, rng())
    for name in ("warped", "target", "mask"):
        torch.testing.assert_close(
            getattr(mirrored, name), getattr(plain, name).flip(-1), atol=2e-3, rtol=0
        )


def test_flips_come_as_often_as_asked() -> None:
    images, masks = coordinates(count=400)
    target = positions(augmented(images, masks, replace(STILL, flip=0.25), 16, rng()).target)
    mirrored = (target[:, 8, 12].real < 0).float().mean()
    assert mirrored == pytest.approx(0.25, abs=5 * (0.25 * 0.75 / 400) ** 0.5)


def test_without_a_warp_the_target_is_turned_zoomed_and_moved_within_bounds() -> None:
    options = replace(STILL, rotation=10, zoom=0.1, shift=0.05)
    images, masks = coordinates(count=300)
    batch = augmented(images, masks, options, 64, rng())
    torch.testing.assert_close(batch.warped, batch.target, atol=2e-3, rtol=0)
    found = inner(positions(batch.target))
    across = (found[:, :, -1] - found[:, :, 0]).mean(1)
    down = (found[:, -1] - found[:, 0]).mean(1)
    torch.testing.assert_close(down, across * 1j, atol=0.02, rtol=0)
    factor = across / (plane(64)[0, -9] - plane(64)[0, 8])
    angles, zooms = factor.angle().rad2deg(), 1 / factor.abs() - 1
    shifts = found.mean((1, 2)) / 2
    for values, bound in ((angles, 10), (zooms, 0.1), (shifts.real, 0.05), (shifts.imag, 0.05)):
        assert values.abs().max() <= bound * 1.05
        assert values.min() < -0.8 * bound
        assert values.max() > 0.8 * bound
        assert abs(values.mean()) < 5 * bound / 300**0.5


def test_the_warp_is_as_strong_as_asked() -> None:
    images, masks = coordinates(count=500)
    batch = augmented(images, masks, replace(STILL, warp=0.02), 64, rng())
    moved = positions(batch.warped) - plane(64)
    # Beside the middle knot: bilinear weights of one half pixel, 1/32 of the knots' distance.
    share = (1 - 1 / 32) ** 2 + (1 / 32) ** 2
    spread = moved[:, 32, 32].real.std() / 2
    assert spread == pytest.approx(0.02 * share, rel=0.15)
    assert abs(positions(batch.target) - plane(64))[:, 32, 32].mean() < 0.02


def test_the_target_lies_on_the_warped_input() -> None:
    images, masks = coordinates(count=200)
    batch = augmented(images, masks, replace(STILL, warp=0.03), 64, rng())
    warped, target = inner(positions(batch.warped)), inner(positions(batch.target))
    still = inner(plane(64).expand(200, -1, -1))
    # What is left of each face's mean displacement; the warp itself moves it more.
    apart = (warped - target).mean((1, 2)).abs().mean()
    assert apart < 0.8 * (warped - still).mean((1, 2)).abs().mean()
    assert (warped - target).abs().mean() < (warped - still).abs().mean()


def umeyama(points: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The similarity (2, 3) by singular values, as in Umeyama 1991, equations 40 to 42."""
    mean, goal = points.mean(0), wanted.mean(0)
    covariance = (wanted - goal).T @ (points - mean) / len(points)
    left, values, right = np.linalg.svd(covariance)
    sign = np.diag([1.0, np.sign(np.linalg.det(covariance))])
    turn = left @ sign @ right
    scale = (values * np.diag(sign)).sum() / (points - mean).var(0).sum()
    return np.column_stack([scale * turn, goal - scale * turn @ mean])


def test_the_closed_form_is_umeyamas() -> None:
    random = np.random.default_rng(5)
    regular = np.stack(np.meshgrid(*[np.linspace(-1, 1, 5)] * 2), -1).reshape(-1, 2)
    bent = regular + random.normal(0, 0.1, regular.shape) + [0.2, -0.1]
    forth = umeyama(bent, regular)
    back = np.linalg.inv(np.vstack([forth, [0, 0, 1]]))[:2]
    scale, shift = similarity(
        torch.from_numpy(bent @ [1, 1j])[None], torch.from_numpy(regular @ [1, 1j])
    )
    assert complex(scale[0]) == pytest.approx(complex(back[0, 0], back[1, 0]))
    assert complex(shift[0]) == pytest.approx(complex(back[0, 2], back[1, 2]))


def test_light_falls_on_input_and_target_alike() -> None:
    images, masks = noise(128, count=50)
    images = images // 4 + 96  # far from black and white
    options = replace(STILL, brightness=0.05, contrast=0.1, colour=0.05)
    plain = augmented(images, masks, STILL, 64, rng())
    lit = augmented(images, masks, options, 64, rng())
    torch.testing.assert_close(lit.warped, lit.target)
    torch.testing.assert_close(lit.mask, plain.mask)
    # Each colour of each face is changed by one factor and one summand.
    lit_mean, plain_mean = (each.mean((2, 3)) for each in (lit.target, plain.target))
    spreads = lit.target.std((2, 3)) / plain.target.std((2, 3))
    assert 1.05 < spreads.max() <= 1.1 * 1.05 + 1e-4
    assert 0.9 * 0.95 - 1e-4 <= spreads.min() < 0.95
    offsets = lit_mean - plain_mean * spreads
    torch.testing.assert_close(offsets, offsets[:, :1].expand(-1, 3), atol=1e-4, rtol=0)
    assert 0.05 < offsets.abs().max() <= 2 * 0.05 + 1e-4


def test_shade_is_a_ramp_of_light_from_any_side() -> None:
    images = torch.full((200, 128, 128, 3), 100, dtype=torch.uint8)
    masks = torch.zeros(200, 128, 128, dtype=torch.uint8)
    batch = augmented(images, masks, replace(STILL, shade=0.3), 64, rng())
    torch.testing.assert_close(batch.warped, batch.target)
    light = (batch.target[:, 0] + 1) / (2 * 100 / 255)
    torch.testing.assert_close(light.mean((1, 2)), torch.ones(200), atol=1e-3, rtol=0)
    across, down = ((light[:, :, -1] - light[:, :, 0])[:, 0], (light[:, -1] - light[:, 0])[:, 0])
    steepest = torch.hypot(across, down) / 2
    assert 0.25 < steepest.max() <= 0.3 + 1e-4
    for slope in (across, down):
        assert slope.min() < -0.4
        assert slope.max() > 0.4
    # Even from side to side: the middle column lies halfway.
    torch.testing.assert_close(
        light.flip(1, 2) + light, torch.full_like(light, 2), atol=1e-3, rtol=0
    )


def test_a_backdrop_is_behind_the_face_of_the_input_alone() -> None:
    images, _ = noise(128, count=40)
    masks = torch.zeros(40, 128, 128, dtype=torch.uint8)
    masks[:, 32:96, 32:96] = 255
    plain = augmented(images, masks, STILL, 64, rng())
    batch = augmented(images, masks, replace(STILL, backdrop=0.5), 64, rng())
    torch.testing.assert_close(batch.target, plain.target)
    torch.testing.assert_close(batch.mask, plain.mask)
    changed = (batch.warped - plain.warped).abs()
    assert changed[:, :, 16:48, 16:48].max() < 1e-6
    behind = changed[:, :, :15].mean((1, 2, 3))
    assert ((behind == 0) | (behind > 0.1)).all()
    assert 8 < (behind > 0).sum() < 32
    assert batch.warped.abs().max() <= 1


def test_light_stays_within_the_range() -> None:
    images, masks = noise(128, count=20)
    batch = augmented(
        images, masks, replace(STILL, brightness=0.5, contrast=0.5, shade=0.5), 64, rng()
    )
    assert batch.target.abs().max() <= 1


def test_a_seed_is_a_view() -> None:
    images, masks = noise(128)
    options = Augmentation(flip=0.5, brightness=0.1, contrast=0.1, colour=0.1)
    one, same, other = (augmented(images, masks, options, 64, rng(seed)) for seed in (1, 1, 2))
    assert torch.equal(one.warped, same.warped)
    assert torch.equal(one.target, same.target)
    assert not torch.equal(one.target, other.target)


def test_faces_of_one_draw_get_different_views() -> None:
    images, masks = coordinates(count=2)
    batch = augmented(images, masks, Augmentation(), 64, rng())
    assert not torch.allclose(batch.target[0], batch.target[1], atol=1e-3)


def test_eyes_are_seen_as_the_target_is() -> None:
    images, _ = coordinates(count=20)
    eyes = images[..., 0]  # red, so that they can be told from one another's place
    options = replace(STILL, warp=0.03, rotation=10, shift=0.02)
    batch = augmented(images, torch.zeros_like(eyes), options, 64, rng(), eyes)
    assert batch.eyes is not None
    torch.testing.assert_close(batch.eyes, (batch.target[:, :1] + 1) / 2, atol=1e-5, rtol=0)
    without = augmented(images, torch.zeros_like(eyes), options, 64, rng())
    assert without.eyes is None
    assert torch.equal(batch.warped, without.warped)


def test_landmarks_lie_as_the_input_does_and_some_are_withheld() -> None:
    images, masks = coordinates(count=200)
    options = replace(STILL, warp=0.03, rotation=10, shift=0.02, flip=0.5)
    plain = augmented(images, masks, options, 32, rng())
    red = Sample(torch.cat([images, masks[..., None]], -1).contiguous(), None, images[..., 0])
    batch = augmented_sample(red, options, 32, rng())
    assert batch.landmarks is not None and plain.landmarks is None
    torch.testing.assert_close(batch.landmarks, (batch.warped[:, :1] + 1) / 2, atol=1e-5, rtol=0)
    assert torch.equal(batch.seen, torch.cat([batch.warped, batch.landmarks], 1))
    assert torch.equal(plain.seen, plain.warped) and torch.equal(plain.warped, batch.warped)
    some = augmented_sample(red, replace(options, withheld=0.3), 32, rng())
    assert some.landmarks is not None and torch.equal(some.warped, batch.warped)
    there = some.landmarks.flatten(1).amax(1) > 0
    assert torch.equal(some.landmarks[there], batch.landmarks[there])
    assert there.float().mean() == pytest.approx(0.7, abs=4 * (0.3 * 0.7 / 200) ** 0.5)


@pytest.mark.parametrize("tallest", [32767, 2 * 128], ids=["in one go", "by twos"])
def test_both_ways_of_sampling_see_the_same(tallest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TALLEST", tallest)
    random = np.random.default_rng(3)
    soft = cv2.GaussianBlur(random.integers(0, 256, (128, 128, 4)).astype(np.uint8), (0, 0), 2)
    turned = [torch.from_numpy(soft).rot90(turn) for turn in range(6)]
    pixels = torch.stack(turned)
    moves = views.drawn(6, rng(), rotation=10, zoom=0.1, shift=0.05, warp=0.02, flip=0.5)
    places = views.knots(moves)
    both = views.ByOpenCV(places, 64), views.ByTorch(places, 64, pixels.device)
    one, other = (each(pixels).float() for each in both)
    # OpenCV rounds places to 1/32 of a pixel
    assert (one - other).abs().max() <= 2
    assert (one - other).square().mean().sqrt() < 0.5


@pytest.mark.parametrize("name", ["match", "channels", "coarse", "motion", "compression", "mixup"])
def test_what_is_switched_on_changes_no_draw_of_anything_else(name: str) -> None:
    images, masks = noise(64, count=8)
    others, _ = noise(48, count=8)
    others = torch.from_numpy(np.stack([cv2.resize(o.numpy(), (64, 64)) for o in others]))
    generators = rng(4), rng(4)
    plain = augmented(images, masks, Augmentation(), 32, generators[0], None, others)
    changed = augmented(
        images, masks, replace(Augmentation(), **{name: 0.6}), 32, generators[1], None, others
    )
    assert torch.equal(generators[0].get_state(), generators[1].get_state())
    assert not torch.equal(plain.warped, changed.warped)
    if name in ("coarse", "compression"):
        assert torch.equal(plain.target, changed.target)
    same = [torch.equal(a, b) for a, b in zip(plain.warped, changed.warped, strict=True)]
    assert any(same) or name in ("channels", "mixup")


def moments(image: np.ndarray, *, xyz: bool) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread in the middle, as the classic loader has them."""
    rim = round(image.shape[0] * 60 / 256)
    inner = image[rim:-rim, rim:-rim].astype(np.float32)
    inner = cv2.cvtColor(inner, cv2.COLOR_RGB2XYZ) if xyz else inner
    return inner.mean((0, 1)), inner.std((0, 1))


@pytest.mark.parametrize("xyz", [False, True])
def test_another_persons_colours_by_the_classic_formula(xyz: bool) -> None:
    random = np.random.default_rng(5)
    first, second = (
        cv2.GaussianBlur(random.integers(low, high, (128, 128, 3)).astype(np.uint8), (0, 0), 3)
        for low, high in ((40, 160), (90, 250))
    )
    own, goal = moments(first, xyz=xyz), moments(second, xyz=xyz)
    mean, spread = (0.3 * a + 0.7 * b for a, b in zip(own, goal, strict=True))
    there = first.astype(np.float32)
    there = cv2.cvtColor(there, cv2.COLOR_RGB2XYZ) if xyz else there
    there = (there - own[0]) / own[1] * spread + mean
    wanted = np.clip(cv2.cvtColor(there, cv2.COLOR_XYZ2RGB) if xyz else there, 0, 255)
    faces = torch.from_numpy(first)[None]
    found = light.matched(
        faces.permute(0, 3, 1, 2).float()[None].contiguous(),
        faces,
        torch.from_numpy(second)[None],
        light.Match(torch.tensor([0]), torch.tensor([0.7]), torch.tensor([xyz])),
    )
    assert abs(found[0, 0].permute(1, 2, 0).numpy() - wanted).max() < 1


def test_colours_are_taken_as_often_as_asked_and_for_input_and_target() -> None:
    images, masks = noise(32, count=200)
    others = torch.zeros(3, 32, 32, 4, dtype=torch.uint8) + 200
    batch = augmented(images, masks, replace(STILL, match=0.3), 16, rng(), None, others)
    plain = augmented(images, masks, STILL, 16, rng())
    moved = (batch.target - plain.target).abs().amax((1, 2, 3)) > 1e-3
    assert moved.float().mean() == pytest.approx(0.3, abs=5 * (0.3 * 0.7 / 200) ** 0.5)
    torch.testing.assert_close(batch.warped, batch.target)


def test_channels_are_shifted_each_by_itself() -> None:
    images = torch.full((100, 32, 32, 3), 128, dtype=torch.uint8)
    masks = torch.zeros(100, 32, 32, dtype=torch.uint8)
    batch = augmented(images, masks, replace(STILL, channels=0.1), 16, rng())
    torch.testing.assert_close(batch.warped, batch.target)
    shifts = batch.target[:, :, 0, 0] - (128 / 127.5 - 1)
    assert 0.18 < shifts.abs().max() <= 0.2 + 1e-5
    assert np.abs(np.corrcoef(shifts.T.numpy()) - np.eye(3)).max() < 0.5


def test_few_pixels_are_those_of_a_small_picture_made_large() -> None:
    image = torch.rand(1, 3, 64, 64, generator=rng(2)) * 2 - 1
    found = wear.coarse(image.clone(), 1.0, rng(3))
    tries = []
    for small in range(16, 65):
        picture = image[0].permute(1, 2, 0).numpy()
        less = cv2.resize(picture, (small, small), interpolation=cv2.INTER_AREA)
        back = cv2.resize(less, (64, 64), interpolation=cv2.INTER_LINEAR)
        tries.append(abs(found[0].permute(1, 2, 0).numpy() - back).max())
    assert min(tries) < 1e-4
    batch = augmented(*noise(128, count=20), replace(STILL, coarse=1.0), 64, rng())
    assert batch.warped.diff(dim=-1).abs().mean() < 0.5 * batch.target.diff(dim=-1).abs().mean()


def test_a_streak_is_a_line_of_its_length() -> None:
    lengths, angles = torch.tensor([5.0, 9.0, 6.0]), torch.tensor([0.0, torch.pi / 2, 0.6])
    lines = wear.streaks(lengths, angles).double()
    torch.testing.assert_close(lines.sum((1, 2)), torch.ones(3).double())
    middle = lines.shape[1] // 2
    assert lines[0, middle].sum() == pytest.approx(1)
    assert lines[1, :, middle].sum() == pytest.approx(1)
    ticks = torch.arange(lines.shape[1]) - middle
    down, across = torch.meshgrid(ticks, ticks, indexing="ij")
    for line, length, angle in zip(lines, lengths, angles, strict=True):
        along = across * angle.cos() + down * angle.sin()
        # evenly along the line, and bilinear weights on top: at most 1/4 in variance
        assert 0 <= (line * along**2).sum() - length**2 / 12 < 0.3
        aside = across * angle.sin() - down * angle.cos()
        assert (line * aside**2).sum() < 0.3


def test_motion_blurs_input_target_and_mask_alike() -> None:
    images, masks = noise(128, count=30)
    plain = augmented(images, masks, STILL, 64, rng())
    batch = augmented(images, masks, replace(STILL, motion=0.5), 64, rng())
    torch.testing.assert_close(batch.warped, batch.target)
    moved = (batch.target - plain.target).abs().amax((1, 2, 3)) > 0
    assert 5 < moved.sum() < 25
    assert torch.equal(moved, (batch.mask - plain.mask).abs().amax((1, 2, 3)) > 0)
    sharp, blurred = (each[moved].std((2, 3)).mean() for each in (plain.target, batch.target))
    assert blurred < 0.95 * sharp


@pytest.mark.parametrize("quality", [20, 60, 90])
def test_jpeg_loses_what_libjpeg_loses(quality: int) -> None:
    random = np.random.default_rng(quality)
    coarse = cv2.resize(random.integers(0, 256, (9, 9, 3)).astype(np.uint8), (64, 64))
    picture = np.clip(coarse.astype(int) + random.integers(-9, 10, (64, 64, 3)), 0, 255)
    picture = picture.astype(np.uint8)
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    wanted = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1].astype(np.float32)
    faces = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
    found = (wear.jpeg(faces, torch.tensor([quality]))[0].permute(1, 2, 0).numpy() + 1) * 127.5
    lost = np.sqrt(np.square(wanted - picture).mean())
    assert np.sqrt(np.square(found - wanted).mean()) < 0.25 * lost + 0.6


def test_mixup_lays_two_faces_over_each_other_with_all_that_is_theirs() -> None:
    images, _ = noise(128, count=12)
    masks = images[..., 0].contiguous()  # so that shares can be told from both
    plain = augmented(images, masks, STILL, 64, rng(), masks)
    batch = augmented(images, masks, replace(STILL, mixup=0.4), 64, rng(), masks)
    for each in (batch.mask, batch.eyes):
        assert each is not None
        torch.testing.assert_close(each, (batch.target[:, :1] + 1) / 2, atol=1e-5, rtol=0)
    torch.testing.assert_close(batch.warped, batch.target)
    flat = plain.target.flatten(1)
    for face in batch.target.flatten(1):
        shares = torch.linalg.lstsq(flat.T, face[:, None]).solution[:, 0]
        assert (shares.abs() > 1e-3).sum() <= 2
        assert shares.sum() == pytest.approx(1, abs=1e-3)
        assert shares.min() > -1e-3
