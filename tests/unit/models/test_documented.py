"""docs/models.md: its tables are what the code counts, its recipes are settings."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import yaml

from faceloom.settings import Train

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/models.md").read_text()
RECIPES = [Train.model_validate(yaml.safe_load(each)) for each in re.findall(
    r"```yaml\n(.*?)```", PAGE, re.DOTALL
)]  # fmt: skip


def counting() -> ModuleType:
    spec = importlib.util.spec_from_file_location("models", ROOT / "benchmarks/models.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_are_what_the_code_counts() -> None:
    assert counting().written(PAGE) == PAGE, "python benchmarks/models.py --write"
    assert PAGE.count(" G |") > 15


def test_the_drawing_is_of_the_networks_that_there_are() -> None:
    made = counting()
    assert made.drawn() == (ROOT / "docs/models.svg").read_text(), "benchmarks/models.py --write"
    found = sys.modules["drawing"].boxes(made.Small())
    assert [(box.kind, box.channels, box.side) for box in found] == [
        ("convolution", 64, 16), ("convolution", 128, 8), ("convolution", 128, 4),
        ("dense", 256, 1), ("dense", 8192, 1),
        ("larger", 64, 16), ("larger", 32, 32), ("painted", 3, 64),
    ]  # fmt: skip


def test_a_convolution_is_counted_as_by_hand() -> None:
    import torch

    layer = torch.nn.Conv2d(3, 5, 3, padding=1, device="meta")
    face = torch.empty(1, 3, 8, 8, device="meta")
    assert counting().products(layer, face) == 8 * 8 * 5 * 3 * 9
    assert counting().weights(layer) == 5 * 3 * 9 + 5


def test_the_seeds_schedule_of_40_000_iterations() -> None:
    (train,) = [each for each in RECIPES if each.model.kind == "v22"]
    phases = train.phases()
    starts = [round(phase.start * 40_000) for phase, _ in phases]
    assert starts == [8000, 12000, 16000, 20000, 26668, 32000, 36000]
    hinges = [
        losses.mask_hinge.least if losses.mask_hinge and losses.mask_hinge.weight else None
        for _, losses in phases
    ]
    assert hinges == [None, 0.5, 0.2, 0.4, None, 0.1, None]
    assert [phase.rate for phase, _ in phases] == [1, 1, 1, 1, 0.3, 0.3, 0.1]
    assert [phase.turn for phase, _ in phases] == [False] * 5 + [True, False]
    for hinge, (_, losses) in zip(hinges, phases, strict=True):
        assert losses.perceptual is not None and losses.perceptual.weight == 1
        assert losses.mask_l1 is not None
        assert (losses.mask_l1.weight > 0) is (hinge is None)


def test_there_is_a_recipe_of_v1() -> None:
    (train,) = [each for each in RECIPES if each.model.kind == "v1"]
    assert train.losses.adversarial is not None
    assert train.losses.adversarial.objective.kind == "mixup"


def test_there_is_a_recipe_of_a_masked_cyclegan() -> None:
    (train,) = [each for each in RECIPES if each.model.kind == "cyclegan"]
    assert train.model.mask == "alpha" and train.losses.cyclic is not None
    assert train.losses.adversarial is not None and train.losses.adversarial.pool == 50
