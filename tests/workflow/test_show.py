"""What a variant tells a verb, and how its files stand."""

import sys

from workflow.loom import Loom


def shown(loom: Loom, variant: str, verb: str) -> str:
    done = loom.run(sys.executable, "-m", "faceloom", "show", variant, verb)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_settings_files_and_jobs(loom: Loom) -> None:
    said = shown(loom, "sharp", "train").split("\n\n")
    assert said[0] == "train in variant sharp"
    assert ["rate", "0.001", "faster"] in [line.split() for line in said[1].splitlines()]
    assert ["seed", "0", "default"] in [line.split() for line in said[1].splitlines()]
    assert said[2].splitlines() == [
        "files, in results/train/faster/",
        "  made for faster: all that leads to them is as sharp wants it",
        "  boris+chen.pt",
        "  boris+chen.history.parquet",
        "  boris+chen.previews.mp4",
        "  boris+chen.varied.png",
    ]
    assert said[3].strip().splitlines() == ["would run", "  nothing"]

    loom.configure(faster={"train": {"rate": 0.1}})
    due = shown(loom, "sharp", "refine").partition("would run\n")[2]
    assert due.splitlines() == [
        "  train, results/train/faster/boris+chen.pt: rate 0.001 → 0.1",
        "  convert, 2 jobs: after train",
        "  refine, 2 jobs: after convert",
    ]


def test_what_is_not_made_is_not_looked_for(bare: Loom) -> None:
    assert "off; it is turned on by" in shown(bare, "sharp", "augment")
    assert "not used, for nothing that leads to its films" in shown(bare, "composite", "train")
    kinds = shown(bare, "composite", "measure")
    assert "measure.pose in variant composite\n" in kinds
    assert "  boris.pose.parquet  not there\n" in kinds
    assert "quality" not in kinds.partition("measure.pose in")[2].partition("would run")[0]
