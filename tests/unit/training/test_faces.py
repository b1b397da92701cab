from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.training.faces import Bank


def numbered(count: int, weights: list[float] | None = None, size: int = 4) -> Bank:
    """Faces whose pixels are their number, with masks of 100 more."""
    images = (
        np.zeros((count, size, size, 3), np.uint8)
        + np.arange(count, dtype=np.uint8)[:, None, None, None]
    )
    masks = images[..., 0] + 100
    pixels = np.concatenate([images, masks[..., None]], -1)
    return Bank(pixels, None if weights is None else np.array(weights))


def drawn(bank: Bank, count: int, seed: int = 0) -> np.ndarray:
    pixels = bank.sample(count, torch.Generator().manual_seed(seed)).pixels
    images, masks = pixels[..., :3], pixels[..., 3]
    assert (masks.numpy() == images[..., 0].numpy() + 100).all(), "a face with another's mask"
    return images[:, 0, 0, 0].numpy()


def test_faces_are_drawn_by_their_weights() -> None:
    weights = [0.0, 1.0, 3.0, 0.0, 4.0, 0.0]
    counts = np.bincount(drawn(numbered(6, weights), 40_000), minlength=6)
    assert (counts[[0, 3, 5]] == 0).all()
    expected = 40_000 * np.array([1, 3, 4]) / 8
    # Five standard deviations of a binomial draw.
    assert (abs(counts[[1, 2, 4]] - expected) < 5 * np.sqrt(expected)).all()


def test_without_weights_all_are_drawn_alike() -> None:
    counts = np.bincount(drawn(numbered(5), 20_000), minlength=5)
    assert (abs(counts - 4000) < 5 * np.sqrt(4000)).all()


def test_a_seed_is_a_draw() -> None:
    bank = numbered(50)
    assert (drawn(bank, 20, 3) == drawn(bank, 20, 3)).all()
    assert (drawn(bank, 20, 3) != drawn(bank, 20, 4)).any()


def test_a_memory_map_is_drawn_from_like_an_array(tmp_path: Path) -> None:
    bank = numbered(20)
    np.save(tmp_path / "pixels.npy", bank.pixels)
    mapped = Bank(np.load(tmp_path / "pixels.npy", mmap_mode="r"))
    assert (drawn(mapped, 30) == drawn(bank, 30)).all()


def test_drawn_faces_are_copies() -> None:
    bank = numbered(1)
    pixels = bank.sample(1, torch.Generator()).pixels
    pixels += 9
    assert bank.images.max() == 0 and bank.masks.max() == 100


def test_the_mean_colour() -> None:
    bank = numbered(2)
    bank.images[..., 0] = 255
    bank.images[..., 2] = 0
    assert bank.colour() == pytest.approx((1, 0.5 / 127.5 - 1, -1))


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0], [1.0, -1.0], [1.0, float("nan")]])
def test_weights_that_do_not_go_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        numbered(2, weights)


@pytest.mark.parametrize("shape", [(2, 4, 4, 3), (2, 4, 4), (0, 4, 4, 4)])
def test_pixels_that_are_no_faces_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pixels"):
        Bank(np.zeros(shape, np.uint8))


def test_eyes_that_do_not_go_are_refused() -> None:
    with pytest.raises(ValueError, match="eyes"):
        Bank(np.zeros((2, 4, 4, 4), np.uint8), eyes=np.zeros((2, 4, 5), np.uint8))
