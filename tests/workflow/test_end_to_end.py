"""The real commands, from four clips of 16 frames to the report."""

import json
import shutil
from pathlib import Path

import av
import pytest
import yaml

from workflow.loom import PROJECT, Loom, copied, once

FRAMES = 16
CLIPS = """\
clip	path	people	use	origin
boris_learn	data/boris_learn.mp4	boris	learn	rendered
chen_learn	data/chen_learn.mp4	chen	learn	rendered
boris	data/boris.mp4	boris	judge	rendered
boris_as_chen	data/boris_as_chen.mp4	boris	truth	rendered
"""
QUICK = {"steps": 20, "batch": 4, "warmup": 2, "save": 10, "preview": 10, "threads": 1}
CONFIG = {
    "licences": ["CC0-1.0", "research"],
    "swaps": {"boris_chen": {"clip": "boris", "faces": "chen", "truth": "boris_as_chen"}},
    "variants": {
        "baseline": {"why": "The whole way, in little.", "train": QUICK},
        "composite": {
            "why": "The way without training.",
            "convert": {"kind": "composite"},
            "refine": ["sharpen"],
            "blend": {"by": "poisson"},
        },
    },
}
FILMS = [f"results/blend/{variant}/boris_chen.mp4" for variant in CONFIG["variants"]]


def cut(clip: Path, short: Path) -> None:
    """The first frames of a clip as a clip of their own."""
    with av.open(clip) as whole, av.open(short, "w") as part:
        stream = whole.streams.video[0]
        new = part.add_stream("libx264", rate=stream.average_rate, options={"crf": "12"})
        new.width, new.height, new.pix_fmt = stream.width, stream.height, "yuv420p"
        for _, frame in zip(range(FRAMES), whole.decode(stream), strict=False):
            part.mux(new.encode(frame))
        part.mux(new.encode(None))


def frames(film: Path) -> int:
    with av.open(film) as file:
        return sum(1 for _ in file.decode(video=0))


def weave(folder: Path) -> None:
    """The whole way in a new working copy."""
    loom = copied(folder)
    shutil.rmtree(loom.folder / "stand_in")
    shutil.copy(PROJECT / "workflow/weights.tsv", loom.folder / "workflow/weights.tsv")
    for row in CLIPS.splitlines()[1:]:
        name = Path(row.split("\t")[1]).name
        cut(PROJECT / "data/demo" / name, loom.folder / "data" / name)
    loom.write("data/clips.tsv", CLIPS)
    loom.write("config.yaml", yaml.safe_dump(CONFIG, sort_keys=False))
    (loom.folder / "resources").mkdir()
    (loom.folder / "resources/weights").symlink_to(PROJECT / "resources/weights")
    loom.snakemake("--cores", "2")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Loom:
    """A working copy that the real commands have woven; not to be changed."""
    return once(tmp_path_factory, "real", weave)


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
