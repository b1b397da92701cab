"""A variant bears another name, and nothing that was finished is done again."""

import fcntl
import sys

import pytest

from faceloom.commands.rename import rename, renamings
from faceloom.errors import FaceloomError
from faceloom.projects import place, weaving
from workflow.loom import Loom


def said(loom: Loom, *words: str) -> tuple[int, str]:
    """What a command for people answers in a working copy."""
    done = loom.run(sys.executable, "-m", "faceloom", *words)
    return done.returncode, done.stdout


def renamed(loom: Loom, old: str, new: str) -> str:
    status, answer = said(loom, "rename", old, new)
    assert status == 0, answer
    return answer


def test_nothing_but_the_report_is_made_again(loom: Loom) -> None:
    loom.edit("config.yaml", lambda text: text.replace("  faster:", "  faster: # than ever"))
    renamed(loom, "faster", "swift")
    assert "  swift: # than ever\n" in (loom.folder / "config.yaml").read_text()
    assert loom.todo() == {"compare": 1}
    assert not [path for path in loom.folder.rglob("faster*") if path.parts[-3] != "stand_in"]
    assert (loom.folder / "logs/benchmarks/train/swift/boris+chen.tsv").exists()

    loom.configure(swift={"train": {"rate": 0.1}})  # what it was told is still known
    assert loom.todo() == {
        "train": 1, "convert": 2, "refine": 2, "blend": 4, "evaluate": 4, "compare": 1
    }  # fmt: skip


def test_what_is_stale_is_not_passed_off_as_fresh(loom: Loom) -> None:
    loom.configure(faster={"train": {"rate": 0.1}})
    due = loom.todo()
    answer = renamed(loom, "faster", "swift")
    assert "results/train/faster/boris+chen.pt is not up to date: it stays there" in answer
    assert loom.todo() == due
    assert (loom.folder / "results/train/faster/boris+chen.pt").exists()


def test_all_that_it_varies_is_renamed_with_it(loom: Loom) -> None:
    soft = {"refine": {"once": ["none"], "twice": ["none", "none"]}}
    loom.configure(soft={"vary": soft, "seeds": 2}, like_it={"like": "soft_once"})
    loom.snakemake()
    renamed(loom, "soft", "mild")
    assert loom.todo() == {"compare": 1}
    folders = {path.name for path in (loom.folder / "results/refine").iterdir()}
    assert folders == {"sharp", "mild_once", "mild_twice", "mild_once_seed1", "mild_twice_seed1"}


def test_before_anything_is_made_it_is_a_word_in_the_config(bare: Loom) -> None:
    renamed(bare, "faster", "swift")
    assert "like: swift" in (bare.folder / "config.yaml").read_text()
    assert not (bare.folder / "results").exists()


def test_broken_off_it_goes_on(loom: Loom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "home", lambda: loom.folder)
    monkeypatch.setattr(weaving, "home", lambda: loom.folder)
    for name in ("PATH", "PYTHONPATH"):
        monkeypatch.setenv(name, loom.environment[name])
    whole = weaving.snakemake

    def stopped(*words: str) -> str:
        if words[0] == "--touch":
            raise KeyboardInterrupt
        return whole(*words)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(weaving, "snakemake", stopped)
        rename("faster", "swift", directory=loom.folder)
    with pytest.raises(FaceloomError, match="rename faster swift was broken off; say that again"):
        rename("sharp", "keen", directory=loom.folder)
    rename("faster", "swift", directory=loom.folder)
    loom.configure(swift={"train": {"rate": 0.1}})
    assert loom.todo() == {
        "train": 1, "convert": 2, "refine": 2, "blend": 4, "evaluate": 4, "compare": 1
    }  # fmt: skip


def test_while_a_run_is_at_work_nothing_moves(loom: Loom) -> None:
    before = (loom.folder / "config.yaml").read_text()
    with (loom.folder / ".snakemake/at-work").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)
        status, answer = said(loom, "rename", "faster", "swift")
    assert status == 2
    assert "a run is at work here; wait for its end" in answer.splitlines()[-1]
    assert (loom.folder / "config.yaml").read_text() == before
    assert (loom.folder / "results/train/faster").exists()


VARIANTS = {
    "gan": {"seeds": 2},
    "soft": {"vary": {"refine": {"once": ["none"]}}},
    "soft_twice": None,
}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("gam", "x", "gam: no variant of its own in the config; there are gan, soft, soft_twice"),
        ("gan_seed1", "x", "gan_seed1: no variant of its own in the config; gan makes it"),
        ("baseline", "x", "baseline is what all others are like; its name stays"),
        ("gan", "baseline", "baseline is what all others are like; its name stays"),
        ("gan", "soft_twice", "soft_twice: there is such a variant already"),
        ("gan", "soft_once", "soft_once: there is such a variant already"),
        ("gan", "Gan!", "Gan!: a variant's name has a-z"),
    ],
)
def test_what_cannot_be_renamed(old: str, new: str, line: str) -> None:
    with pytest.raises(FaceloomError) as refused:
        renamings(VARIANTS, old, new)
    assert str(refused.value).startswith(line)


def test_anchors_are_left_alone(bare: Loom) -> None:
    bare.edit("config.yaml", lambda text: text.replace("like: faster", "like: &it faster"))
    before = (bare.folder / "config.yaml").read_text()
    bare.write("config.yaml", before + "  more: {like: *it}\n")
    status, answer = said(bare, "rename", "faster", "swift")
    assert status == 2
    assert "written in a way that cannot be renamed safely" in answer
    assert (bare.folder / "config.yaml").read_text() == before + "  more: {like: *it}\n"


def test_sidecars_name_their_inputs_by_where_they_are(loom: Loom) -> None:
    sidecar = loom.folder / "results/blend/sharp/boris_chen.json"
    told = '{"inputs": {"results/train/faster/boris+chen.pt": "1", "data/faster/x.mp4": "2"}}'
    sidecar.write_text(told)
    loom.snakemake("--touch", "--force", "--", "results/evaluate/sharp/boris_chen.parquet")
    renamed(loom, "faster", "swift")
    assert sidecar.read_text() == told.replace("train/faster", "train/swift")
    assert loom.todo() == {"compare": 1}
