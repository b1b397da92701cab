"""docs/your-own-footage.md, followed to the letter; only what takes long is a stand-in."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workflow.loom import PROJECT, Loom, copied
from workflow.test_run import set_up

PAGE = PROJECT / "docs/your-own-footage.md"
FOR_PEOPLE = "new|add|check|show|rename|forget"
COMMAND = f"""\
#!/usr/bin/env bash
case $1 in {FOR_PEOPLE}) exec {sys.executable} -m faceloom "$@" ;; esac
exec "$(dirname "$0")/../../stand_in/faceloom" "$@"
"""
REAL = f"""\
#!/usr/bin/env bash
exec {sys.executable} -m faceloom "$@"
"""


def blocks() -> list[str]:
    """The commands of the page, block by block."""
    return re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def installed(folder: Path, command: str) -> Loom:
    """An installation with the demo's clips, set up, whose command is this."""
    folder.mkdir(parents=True)
    loom = set_up(copied(folder / "faceloom"))
    shutil.copytree(PROJECT / "data/demo", loom.folder / "data/demo")
    (loom.folder / ".venv/bin/faceloom").unlink()
    loom.write(".venv/bin/faceloom", command)
    (loom.folder / ".venv/bin/faceloom").chmod(0o755)
    return loom


def followed(loom: Loom) -> Iterator[tuple[str, str]]:
    """Each block, and what it said; one shell's folder is the next one's."""
    here = loom.folder
    for block in blocks():
        script = f"set -euo pipefail\n{block}\npwd > {loom.folder}/where\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=here,
            env=loom.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}"
        here = Path((loom.folder / "where").read_text().strip())
        yield block, done.stdout


def new(project: Path, said: str) -> None:
    assert "../my_film is ready" in said
    assert (project / "resources/faceloom").is_symlink()


def added(project: Path, said: str) -> None:
    assert "img_0412_anna: 100 frames of 256x256, 4.0 s" in said
    assert {path.name for path in (project / "data/clips").glob("*.dvc")} == {
        "img_0412_anna.mp4.dvc", "walk.mp4.dvc", "ben.mp4.dvc"
    }  # fmt: skip
    people = (project / "data/people.tsv").read_text()
    assert re.search(
        r"^ben\tlicensed\tdonor, training\t2099-12-31\tdata/evidence/ben-rel", people, re.M
    )
    assert len(list((project / "data/evidence").iterdir())) == 1


def checked(project: Path, said: str) -> None:
    assert re.search(r"^jobs     \d+: .*train 1", said, re.MULTILINE)


def made(project: Path, said: str) -> None:
    assert (project / "results/report.html").exists()
    assert (project / "results/blend/baseline/anna_ben.mp4").exists()


def shown(project: Path, said: str) -> None:
    assert re.search(r'^  by\.kind +"poisson" +poisson$', said, re.MULTILINE)
    made(project, said)
    assert (project / "results/blend/poisson/anna_ben.mp4").exists()
    assert not (project / "results/train/poisson").exists()


def renamed(project: Path, said: str) -> None:
    assert (project / "results/blend/seamless/anna_ben.mp4").exists()
    assert "  seamless:\n" in (project / "config.yaml").read_text()
    assert "  # nothing is trained anew" in (project / "config.yaml").read_text()


def forgotten(project: Path, said: str) -> None:
    left = [
        str(path.relative_to(project))
        for path in project.rglob("*")
        if re.search(r"(?<![a-z])ben(?![a-z])", str(path.relative_to(project)))
    ]
    assert left == []
    assert (project / "results/crop/baseline/walk.parquet").exists()
    assert len(list((project / ".dvc/cache/files/md5").rglob("??/*"))) == 2
    assert "left: config.yaml line" in said


AFTER: dict[str, Callable[[Path, str], None]] = {
    "faceloom new": new,
    "faceloom add": added,
    "faceloom check": checked,
    "run --directory .\n": made,
    "faceloom show": shown,
    "faceloom rename": renamed,
    "faceloom forget": forgotten,
}


def follow(loom: Loom) -> None:
    """All blocks, each with what is to be so after it."""
    tried = set()
    for block, said in followed(loom):
        for words, held in AFTER.items():
            if words in block:
                held(loom.folder.parent / "my_film", said)
                tried.add(words)
    assert tried == set(AFTER)


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    loom = installed(tmp_path / "home", COMMAND)
    follow(loom)
    assert not list(loom.folder.glob("results"))
    clips = (loom.folder / "data/clips.tsv").read_text()
    assert "walk" not in clips  # nothing got into the installation


@pytest.mark.slow
def test_the_page_can_be_followed_for_real(tmp_path: Path) -> None:
    loom = installed(tmp_path / "home", REAL)
    shutil.copy(PROJECT / "workflow/weights.tsv", loom.folder / "workflow/weights.tsv")
    shutil.rmtree(loom.folder / "resources/weights")
    (loom.folder / "resources/weights").symlink_to(PROJECT / "resources/weights")
    follow(loom)
