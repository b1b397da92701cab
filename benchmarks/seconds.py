"""How many steps of each variant's training fit into so many seconds here: written into its config.

    python benchmarks/seconds.py benchmarks/family.yaml              180 seconds a training
    python benchmarks/seconds.py benchmarks/family.yaml --seconds 600

For a table at equal wall time, where settings must say steps so that a training is the same each
time. Each model is taught random faces for a few steps of each phase, the fastest of which counts:
run it on a quiet machine. Only the numbers behind `steps:` are changed.
"""

import argparse
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from faceloom.settings import Train
from faceloom.training.augmentation import Augmentation
from faceloom.training.beginning import FINER, adversary, begun, options, phases
from faceloom.training.faces import Bank
from faceloom.training.precision import keep_allocator
from faceloom.training.run import Run, new
from faceloom.training.step import Lesson, learn
from faceloom.variants import ROOT, parents, pipelines, unfold

PEOPLE = ("anna", "emi")
TIMED = 4
WEIGHTS = tuple(sorted((Path(__file__).parents[1] / "resources/weights").iterdir()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--seconds", type=float, default=180.0)
    told = parser.parse_args()
    keep_allocator()
    page = told.config.read_text()
    for name, settings in trainings(yaml.safe_load(page)["variants"]).items():
        each = seconds(settings)
        steps = max(1, round(told.seconds / each))
        print(f"{name:<16} {each * 1e3:8.0f} ms a step {steps:6} steps", flush=True)
        page = with_steps(page, name, steps)
    told.config.write_text(page)


def trainings(variants: dict[str, Any]) -> dict[str, Train]:
    """The settings of every variant that says steps of its own."""
    said = unfold({ROOT: {}, **{name: each | {"seeds": 1} for name, each in variants.items()}})
    parents(said)
    every = pipelines(said)
    own = [name for name, each in variants.items() if "steps" in each.get("train", {})]
    return {name: every[name].train for name in own}


def seconds(settings: Train) -> float:
    """Of a step, the mean over all phases."""
    torch.set_num_threads(settings.threads)
    side = FINER * settings.model.size
    random = np.random.default_rng(0)
    banks = {
        person: Bank(random.integers(0, 256, (2 * settings.batch, side, side, 4)).astype(np.uint8))
        for person in PEOPLE
    }
    run = new(begun(settings, PEOPLE, banks), adversary(settings, PEOPLE), options(settings))
    varied = Augmentation(**settings.augmentation.model_dump())
    lesson = Lesson(banks, varied, options(settings), tuple(phases(settings, WEIGHTS)))
    learn(run, lesson)
    ends = [*(phase.start for phase in lesson.phases[1:]), settings.steps]
    whole = sum(
        fastest(run, lesson, phase.start) * (end - phase.start)
        for phase, end in zip(lesson.phases, ends, strict=True)
    )
    return whole / settings.steps


def fastest(run: Run, lesson: Lesson, step: int) -> float:
    """Seconds of the fastest of a few times that this step is made."""
    spent = []
    for _ in range(TIMED):
        run.step = step
        started = time.perf_counter()
        learn(run, lesson)
        spent.append(time.perf_counter() - started)
    return min(spent)


def with_steps(page: str, variant: str, steps: int) -> str:
    """The config with another number of steps for a variant."""
    block = re.compile(rf"(^  {variant}:\n(?:    .*\n|\n)*?.*\bsteps: )\d+", re.MULTILINE)
    return block.sub(rf"\g<1>{steps}", page, count=1)


if __name__ == "__main__":
    main()
