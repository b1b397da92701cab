"""The real commands, from four clips of 16 frames to the report."""

import json
import shutil
from pathlib import Path

import av
import pytest

from workflow.little import CONFIG, FRAMES, small
from workflow.loom import Loom, once

FILMS = [f"results/blend/{variant}/boris_chen.mp4" for variant in CONFIG["variants"]]


def frames(film: Path) -> int:
    with av.open(film) as file:
        return sum(1 for _ in file.decode(video=0))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Loom:
    """A working copy that the real commands have woven; not to be changed."""
    return once(tmp_path_factory, "real", lambda folder: small(folder).snakemake())


def test_every_film_is_as_long_as_its_clip(real: Loom) -> None:
    assert [frames(real.folder / film) for film in FILMS] == [FRAMES, FRAMES]


def test_every_film_says_what_it_is_made_of(real: Loom) -> None:
    for film in FILMS:
        sidecar = json.loads((real.folder / film).with_suffix(".json").read_text())
        assert sidecar["consent"] == {"boris": "synthetic", "chen": "synthetic"}


def test_the_summary_holds_every_score_and_its_controls(real: Loom) -> None:
    summary = json.loads((real.folder / "results/compare/summary.json").read_text())
    assert summary["schema"] == 1
    assert set(summary["variants"]) == {"baseline", "composite"}
    assert set(summary["controls"]) == {"untouched", "twin"}
    metrics = summary["variants"]["composite"]["swaps"]["boris_chen"]
    assert {"donor_distance", "sharpness", "flicker", "truth_psnr_face"} <= set(metrics)
    assert set(metrics["donor_distance"]) == {"mean", "low", "high", "n"}
    twin = summary["controls"]["twin"]["swaps"]["boris_chen"]
    host = summary["controls"]["untouched"]["swaps"]["boris_chen"]
    assert twin["donor_distance"]["mean"] < host["donor_distance"]["mean"]


def test_the_report_shows_every_variant(real: Loom) -> None:
    report = (real.folder / "results/report.html").read_text()
    for variant in CONFIG["variants"].values():
        assert variant["why"] in report


def test_what_is_done_is_done(real: Loom) -> None:
    assert real.todo() == {}


def test_every_job_closes_with_one_line(real: Loom) -> None:
    for log in (real.folder / "logs").glob("*/*/*.log"):
        last = log.read_text().strip().splitlines()[-1]
        assert last.startswith(f"{log.parts[-3]}: "), log


def test_other_blending_trains_nothing(real: Loom, tmp_path: Path) -> None:
    loom = Loom(shutil.copytree(real.folder, tmp_path / "loom", symlinks=True))
    loom.configure(pyramid={"blend": {"by": "pyramid"}})
    assert loom.todo() == {"blend": 1, "evaluate": 1, "compare": 1}
    loom.snakemake("results/blend/pyramid/boris_chen.mp4")
    assert frames(loom.folder / "results/blend/pyramid/boris_chen.mp4") == FRAMES
