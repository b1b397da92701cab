"""A person is forgotten: nothing that shows, names or was learnt from them is left; all else is."""

import base64
import re
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workflow.loom import CONFIG, Loom

OWN = ("src", "rules", "workflow", "profiles", "envs", "stand_in", "slow", "Snakefile")
TOLD = ("config.yaml", "data/people.tsv")  # it is said there that the leave is withdrawn
CHEN = re.compile(r"(?<![a-z0-9])chen(?![a-z0-9])")
SWAPS = {
    **CONFIG["swaps"],
    "boris_dana": {"clip": "boris", "faces": "dana"},
    "duet_dana": {"clip": "duet", "faces": {"boris": "dana"}},  # chen is to be seen, too
}


@pytest.fixture
def told(bare: Loom) -> Loom:
    """A working copy where every file says whose it is, in part kept by DVC, all of it made."""
    bare.edit(
        "stand_in/faceloom",
        lambda text: text.replace(
            'echo "$says" >"$word"',
            '[[ $verb == weights ]] || says="{\\"of\\": \\"$word\\"}"; echo "$says" >"$word"',
        ),
    )
    bare.configure(
        swaps=SWAPS, faster=None, sharp=None, many={"train": {"cast": "everyone", "steps": 9}}
    )
    for words in (
        ("init", "--no-scm", "--quiet"),
        ("add", "--quiet", "data/chen.mp4", "data/boris.mp4"),
    ):
        assert bare.run("dvc", *words).returncode == 0
    bare.snakemake()
    done = bare.run("dvc", "commit", "--force", "--quiet")
    assert done.returncode == 0, done.stdout
    return bare


def contents(loom: Loom) -> dict[Path, bytes]:
    """Every file but Python's own notes of what it has compiled."""
    files = (path for path in loom.folder.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files if path.parent.name != "__pycache__"}


def forget(loom: Loom, *words: str) -> tuple[int, str]:
    done = loom.run(sys.executable, "-m", "faceloom", "forget", *words)
    return done.returncode, done.stdout


def others(loom: Loom) -> set[Path]:
    """All that is made but what is over everybody."""
    files = {path for path in (loom.folder / "results").rglob("*") if path.is_file()}
    return {path for path in files if "compare" not in path.parts and "report" not in path.name}


def left_of_chen(loom: Loom) -> list[str]:
    """Files that are called after chen, or say chen in any way, wherever they are."""
    found = []
    for path in loom.folder.rglob("*"):
        name = str(path.relative_to(loom.folder))
        if path.is_dir() or name in TOLD or name.split("/")[0] in OWN:
            continue
        text = path.read_bytes().decode(errors="replace")
        if re.fullmatch(r"[A-Za-z0-9_\-@=]+", path.name) and ".snakemake" in name:
            text += base64.urlsafe_b64decode(path.name + "==").decode(errors="replace")
        if CHEN.search(f"{name.replace('_', ' ')} {text.replace('_', ' ')}"):
            found.append(name)
    return found


def test_nothing_of_them_is_left_and_all_of_others(told: Loom) -> None:
    before = others(told)
    assert len(left_of_chen(told)) > 100
    assert forget(told, "chen", "--yes")[0] == 0
    assert left_of_chen(told) == []
    rows = (told.folder / "data/people.tsv").read_text().splitlines()
    assert [row.split("\t")[0] for row in rows if re.search(r"\t20\d\d-\d\d-\d\d$", row)] == [
        "chen"
    ]

    theirs = {path for path in before if CHEN.search(str(path).replace("_", " "))}
    duet = {path for path in before if path.name.startswith("duet")}
    many = {path for path in before if path.parent.name == "many"}
    assert others(told) == before - theirs - duet - many
    assert {path.name for path in before - others(told) - theirs - duet} >= {
        "everyone.pt", "boris_dana.mp4"
    }  # fmt: skip
    assert (told.folder / "results/blend/baseline/boris_dana.mp4").exists()
    assert (told.folder / "data/boris.mp4.dvc").exists()

    told.configure(swaps={"boris_dana": SWAPS["boris_dana"]}, casts={"everyone": ["boris", "dana"]})
    assert told.todo() == {
        "train": 1, "convert": 1, "blend": 1, "evaluate": 1, "compare": 1
    }  # fmt: skip
    assert forget(told, "chen", "--yes")[0] == 0  # a second time there is nothing to be done
    assert (told.folder / "data/people.tsv").read_text().splitlines() == rows


def test_it_lists_and_asks_first(loom: Loom) -> None:
    before = contents(loom)
    status, answer = forget(loom, "chen")
    assert status == 2
    for line in (
        "  data/chen.mp4",
        "  results/train/baseline/boris+chen.pt",
        "  of results/crop/baseline/chen.parquet",
        "note: the clip duet is of boris as well, and goes, too",
    ):
        assert f"\n{line}\n" in answer
    assert answer.endswith("forget: nobody to ask here; say --yes to have all of this removed\n")
    assert contents(loom) == before


def test_what_no_config_speaks_of_any_more_is_found_by_what_is_in_it(loom: Loom) -> None:
    def table(path: str, **columns: list[str]) -> Path:
        file = loom.folder / "results" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), file)
        return file

    gone = [
        table("crop/old/walk.parquet", clip=["walk"], person=["dana"]),
        table("crop/old/pair.parquet", clip=["pair"], person=["boris+dana"]),
        table("evaluate/old/crowd.parquet", clip=["walk"]),
        table("match/old/boris-chen.parquet", other_clip=["x", "dana_learn"]),
    ]
    for path in ("detect/old/walk.parquet", "blend/old/film.json", "blend/old/film.mp4"):
        gone.append(loom.folder / "results" / path)
        gone[-1].parent.mkdir(parents=True, exist_ok=True)
        gone[-1].write_text('{"consent": {"dana": "self"}, "swap": {"clip": "boris"}}')
    stay = [
        table("crop/old/other.parquet", clip=["other"], person=["boris"]),
        table("convert/old/other.parquet", clip=["dana"], person=["dan"]),
    ]
    assert forget(loom, "dana", "--yes")[0] == 0
    assert [path for path in gone if path.exists()] == []
    assert [path for path in stay if path.exists()] == stay
    assert loom.todo() == {"compare": 1}


def test_what_is_left_to_do_by_hand_is_said(loom: Loom, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere.mp4"
    outside.write_text("not the project's\n")
    loom.edit("data/clips.tsv", lambda text: text.replace("data/dana_learn.mp4", str(outside)))
    loom.write(".dvc/config", '[remote "store"]\nurl = s3://shared/store\n')
    status, answer = forget(loom, "dana", "--yes")
    assert status == 0
    config = (loom.folder / "config.yaml").read_text().splitlines()
    line = 1 + next(at for at, said in enumerate(config) if said.startswith("  everyone:"))
    assert f"left: config.yaml line {line} names everyone; take dana out there" in answer
    assert f"left: {outside}, for it is not in this folder" in answer
    assert "left: what was pushed to s3://shared/store" in answer
    assert outside.exists()
    assert "dana" not in (loom.folder / "data/clips.tsv").read_text()


def test_a_name_of_nobody(loom: Loom) -> None:
    status, answer = forget(loom, "emi", "--yes")
    assert (status, answer) == (
        2,
        "forget: emi: nobody of that name; there are boris, chen, dana\n",
    )
