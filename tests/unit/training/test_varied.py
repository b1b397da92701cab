"""The page of what a training is shown has a row for each kind of change."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.training import varied
from faceloom.training.augmentation import Augmentation

sys.path.insert(0, str(Path(__file__).parent))
from tiny import banks

EVERY = {
    "rotation": 20, "zoom": 0.2, "shift": 0.1, "warp": 0.05, "flip": 1, "brightness": 0.2,
    "contrast": 0.5, "colour": 0.3, "shade": 0.5, "backdrop": 1, "match": 1, "channels": 0.3,
    "coarse": 1, "motion": 1, "compression": 1, "mixup": 0.5,
}  # fmt: skip


def test_the_page_has_all_that_is_on() -> None:
    told = Augmentation(**EVERY)
    page = varied.pictured(banks(), told, 32, 0)
    rows = len(EVERY) + 3
    assert page.shape == (rows * (96 + 18 + 4) + 4, 8 * (96 + 4) + 4, 3)
    few = varied.pictured(banks(), varied.STILL, 32, 0)
    assert few.shape[0] == 3 * (96 + 18 + 4) + 4
    assert np.array_equal(page, varied.pictured(banks(), told, 32, 0))


@pytest.mark.parametrize("kind", EVERY)
def test_each_kind_changes_faces_by_itself(kind: str) -> None:
    samples = {person: varied.some(bank, 4) for person, bank in banks().items()}
    before, _ = varied.shown(samples, varied.STILL, 32, 0)
    alone = Augmentation(**{**vars(varied.STILL), kind: EVERY[kind]})
    seen, wanted = varied.shown(samples, alone, 32, 0)
    assert not np.array_equal(np.array(seen), np.array(before))
    only_seen = kind in ("backdrop", "coarse", "compression")
    assert np.array_equal(np.array(wanted), np.array(before)) is only_seen


def test_as_they_are_faces_are_those_of_the_bank() -> None:
    bank = banks()["boris"]
    seen, _ = varied.shown({"boris": varied.some(bank, 2)}, varied.STILL, 32, 0)
    half = torch.nn.functional.avg_pool2d(
        torch.from_numpy(bank.images[[0, -1]].copy()).permute(0, 3, 1, 2).float(), 2
    )
    assert np.abs(np.array(seen) - half.permute(0, 2, 3, 1).numpy()).max() <= 1
