"""The face parser learns; stopped and gone on, it learns the very same."""

from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.networks.face_parser import Seen
from faceloom.pixels.parsing import LABELS
from faceloom.training import lessons as steps_of
from faceloom.training.history import Row
from faceloom.training.lessons import Lessons, Notebook, rate
from faceloom.training.parser import learnt, lost
from faceloom.training.parsing import Example, Variation
from faces import shot

SKIN = LABELS.index("skin")


def lessons(steps: int, **changes: float) -> Lessons:
    said = {"batch": 2, "rate": 3e-3, "seed": 0, "threads": 1, "save_every": 2, "warmup": 2}
    return Lessons(steps=steps, **said | changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    found = []
    for number in range(2):
        drawn = shot(number, (64, 64), 70, size=(128, 128))
        labels = np.zeros((128, 128), np.uint8)
        down, across = np.mgrid[:128, :128]
        face = ((across - 64) ** 2 + (down - 64) ** 2 < 30**2).astype(np.float32)
        labels[face > 0] = SKIN
        found.append(Example(drawn.image, labels, face, drawn.points))
    return found


class Stopped(Exception):
    """The machine has stopped."""


def test_stopped_and_gone_on_it_is_the_same(
    examples: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taught(name: str) -> tuple[dict[str, torch.Tensor], list[Row]]:
        return learnt(examples, lessons(4), Variation(), kept=Notebook(tmp_path / name, "x"))

    whole, rows = taught("a.pt")

    def stopped(step: int, lessons: Lessons) -> float:
        if step == 3:
            raise Stopped
        return rate(step, lessons)

    monkeypatch.setattr(steps_of, "rate", stopped)
    with pytest.raises(Stopped):
        taught("b.pt")
    monkeypatch.undo()
    again, more = taught("b.pt")
    assert all(torch.equal(whole[name], again[name]) for name in whole)
    assert rows == more


def test_another_training_is_not_gone_on_with(examples: list[Example], tmp_path: Path) -> None:
    one, _ = learnt(examples, lessons(2), Variation(), kept=Notebook(tmp_path / "a.pt", "x"))
    new = lessons(2, seed=1)
    two, _ = learnt(examples, new, Variation(), kept=Notebook(tmp_path / "a.pt", "y"))
    assert any(not torch.equal(one[name], two[name]) for name in one)


def test_a_perfect_answer_loses_nothing() -> None:
    labels = torch.randint(0, 8, (2, 16, 16))
    face = (labels == SKIN).float()
    sure = torch.nn.functional.one_hot(labels, 8).permute(0, 3, 1, 2) * 40.0
    right = lost(Seen(sure, (face - 0.5) * 80), labels, face)
    assert all(float(each) < 1e-3 for each in right.values())
    wrong = lost(Seen(-sure, (0.5 - face) * 80), labels, face)
    assert all(float(each) > 0.5 for each in wrong.values())


def test_the_rate_rises_and_falls() -> None:
    told = lessons(100, warmup=10)
    rates = [rate(step, told) for step in range(100)]
    assert rates[9] == max(rates) == told.rate
    assert rates[0] < 0.2 * told.rate
    assert rates[-1] < 0.01 * told.rate
