"""The package as people install it: `pip install .`, away from the repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faceloom import __version__

pytestmark = pytest.mark.live

HOME = Path(__file__).parents[2]
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "NOTICE")
CLIP = HOME / "data/demo/boris.mp4"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but what the wheel has in it."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    shutil.copytree(HOME / "src", copy / "src", ignore=shutil.ignore_patterns("*.egg-info"))
    for name in NEEDED:
        shutil.copy(HOME / name, copy)
    place = folder / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "-t", str(place), str(copy)],
        check=True,
    )
    return place


def faceloom(installed: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "faceloom", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )


def test_it_says_its_version(installed: Path, tmp_path: Path) -> None:
    done = faceloom(installed, "--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"faceloom {__version__}\n")
    assert list(installed.glob(f"faceloom-{__version__}.dist-info"))


def test_a_verb_works(installed: Path, tmp_path: Path) -> None:
    words = ("--clip", str(CLIP), "--frames", "a.parquet", "--settings", "{}")
    done = faceloom(installed, "extract", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.parquet").stat().st_size > 0


def test_the_report_has_its_templates(installed: Path) -> None:
    here = HOME / "src/faceloom/report/templates"
    names = {path.name for path in here.iterdir()}
    assert {path.name for path in (installed / "faceloom/report/templates").iterdir()} == names


def test_a_project_wants_the_repository(installed: Path, tmp_path: Path) -> None:
    done = faceloom(installed, "new", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "clone the repository" in done.stderr
    assert not (tmp_path / "mine").exists()
