"""Ten clips of two people each: one of them fails, and the rest is all there."""

import re
import sys

import pytest

import compared
from workflow.loom import Loom
from workflow.test_run import run, set_up

DUETS = [f"duet_{number}" for number in range(10)]
VARIANTS = {"baseline": {"why": "As it comes."}, "poisson": {"blend": {"by": "poisson"}}}
# as the stand-in does, but what the comparison reads is real, and so is the comparison
STAND_IN = f"""\
#!/usr/bin/env bash
set -euo pipefail
[[ $1 == compare ]] && exec {sys.executable} -m faceloom "$@"
"$(dirname "$0")/../stand_in/faceloom" "$@"
for word in "${{@:2}}"; do
  case $1:$word in
    evaluate:results/evaluate/*) cp like/scores.parquet "$word" ;;
    blend:results/blend/*.mp4 | train:*.previews.mp4) cp like/film.mp4 "$word" ;;
    train:*.history.parquet) cp like/history.parquet "$word" ;;
    curate:*.png) cp like/sheet.png "$word" ;;
  esac
done
"""


@pytest.fixture
def ten(bare: Loom) -> Loom:
    """A working copy, set up, with ten clips of boris and chen, and one of each to learn from."""
    compared.tree(bare.folder / "tree")
    results = bare.folder / "tree/results"
    (bare.folder / "like").mkdir()
    for there, here in (
        ("evaluate/baseline/a_b.parquet", "scores.parquet"),
        ("blend/baseline/a_b.mp4", "film.mp4"),
        ("train/baseline/a+b.history.parquet", "history.parquet"),
        ("curate/baseline/a.png", "sheet.png"),
    ):
        (results / there).rename(bare.folder / "like" / here)
    rows = [
        "boris_learn\tdata/boris_learn.mp4\tboris\tlearn",
        "chen_learn\tdata/chen_learn.mp4\tchen\tlearn",
    ]
    rows += [f"{name}\tdata/{name}.mp4\tboris+chen\tjudge" for name in DUETS]
    bare.write("data/clips.tsv", "clip\tpath\tpeople\tuse\n" + "\n".join(rows) + "\n")
    for name in DUETS:
        compared.film(bare.folder / f"data/{name}.mp4", 3)
    bare.configure(
        swaps={"both": {"clips": DUETS, "faces": {"boris": "chen", "chen": "boris"}}},
        casts=None, faster=None, sharp=None, composite=None, **VARIANTS,
    )  # fmt: skip
    set_up(bare)
    (bare.folder / ".venv/bin/faceloom").unlink()
    bare.write(".venv/bin/faceloom", STAND_IN.replace("../stand_in", "../../stand_in"))
    (bare.folder / ".venv/bin/faceloom").chmod(0o755)
    return bare


def test_one_fails_and_the_rest_is_there(ten: Loom) -> None:
    assert ten.todo() == {  # nothing twice: one training, and what the variants share is made once
        "weights": 2, "extract": 12, "detect": 12, "track": 12, "crop": 12, "measure": 14,
        "curate": 2, "train": 1, "convert": 10, "blend": 20, "evaluate": 20, "control": 10,
        "compare": 1,
    }  # fmt: skip
    (ten.folder / "data/duet_3.mp4").write_text("")

    done = run(ten)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-3:] == [
        "run: the report over what there is: results/report.partial.html",
        "",
        "logs/extract/baseline/duet_3.log: extract: data/duet_3.mp4: nothing in it",
    ]
    films = {path.name for path in (ten.folder / "results/blend/poisson").glob("*.mp4")}
    assert films == {f"both_{name}.mp4" for name in DUETS} - {"both_duet_3.mp4"}
    report = (ten.folder / "results/report.partial.html").read_text()
    said = re.sub(r"<(style|script).*?</\1>", "", report, flags=re.DOTALL)
    assert 0 < said.index("both_duet_3") < said.index("<video")
    assert "missing" in said[: said.index("<video")].lower()
    assert not (ten.folder / "results/report.html").exists()

    compared.film(ten.folder / "data/duet_3.mp4", 3)
    assert ten.todo() == {
        "extract": 1, "detect": 1, "track": 1, "crop": 1, "measure": 1, "convert": 1, "blend": 2,
        "evaluate": 2, "control": 1, "compare": 1,
    }  # fmt: skip
