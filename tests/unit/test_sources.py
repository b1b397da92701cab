"""The digest of code: the meaning counts, whatever the words, the layout or the Python."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faceloom import sources
from faceloom.sources import closure, digest

BEFORE = '''
"""A module."""
def total(faces):
    """All of them."""
    return f"{sum(faces):>{len(faces)}} {', '.join(map(str, faces))}"  # as text
'''
SAME = """# written by another hand
def total(
    faces,
):
    return (f"{sum(faces):>{len(faces)}} {', '.join(map(str, faces))}")
"""
OTHER = BEFORE.replace("sum(", "max(")


def forget() -> None:
    """As a new process, which has only the notes."""
    for cached in (digest, sources.known, sources.notes, sources.notebook, sources.file):
        cached.cache_clear()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of its own in place of ours."""
    monkeypatch.setattr(sources, "PACKAGE", tmp_path / "faceloom")
    forget()
    (tmp_path / "faceloom/stages").mkdir(parents=True)
    yield tmp_path / "faceloom"
    forget()


@pytest.mark.parametrize(("after", "equal"), [(SAME, True), (OTHER, False)])
def test_the_meaning_counts(package: Path, after: str, equal: bool) -> None:
    (package / "a.py").write_text(BEFORE)
    before = digest("faceloom.a")
    (package / "a.py").write_text(after)
    forget()
    assert (digest("faceloom.a") == before) is equal


def test_a_change_far_below_counts(package: Path) -> None:
    (package / "a.py").write_text("from .b import thing\n")
    (package / "b.py").write_text("from .c import thing\n")
    (package / "c.py").write_text("thing = 1\n")
    before = digest("faceloom.a")
    (package / "c.py").write_text("thing = 2\n")
    forget()
    assert digest("faceloom.a") != before


@pytest.mark.parametrize(
    "line",
    [
        "from ..deep import thing",
        "from .. import deep",
        "from faceloom.deep import thing",
        "from faceloom import deep",
        "import faceloom.deep",
        "def f():\n    from ..deep import thing",
    ],
)
def test_every_way_to_import_is_followed(package: Path, line: str) -> None:
    for file in ("__init__", "deep", "unused", "settings", "stages/__init__"):
        (package / f"{file}.py").write_text("")
    (package / "stages/a.py").write_text(f"import json\nfrom ..settings import A\n{line}\n")
    assert closure(("faceloom.stages.a",)) == {
        "faceloom",
        "faceloom.deep",
        "faceloom.stages",
        "faceloom.stages.a",
    }


def test_settings_do_not_count_in_all_their_modules(package: Path) -> None:
    (package / "settings").mkdir()
    for file in ("__init__", "settings/__init__", "settings/faces", "errors", "runs"):
        (package / f"{file}.py").write_text("")
    lines = "from .settings.faces import Crop\nfrom . import errors, runs\n"
    (package / "a.py").write_text(lines)
    assert closure(("faceloom.a",)) == {"faceloom", "faceloom.a"}


def test_later_runs_read_notes(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (package / "a.py").write_text(BEFORE)
    before = digest("faceloom.a")
    forget()
    monkeypatch.setattr(sources, "meaning", lambda tree: pytest.fail("it was parsed again"))
    assert digest("faceloom.a") == before


@pytest.mark.parametrize("notes", ["", "{", "[1]", '{"faceloom.a": [1]}', '{"faceloom.a": null}'])
def test_broken_notes_are_none(package: Path, notes: str) -> None:
    (package / "a.py").write_text(BEFORE)
    before = digest("faceloom.a")
    sources.notebook().write_text(notes)
    forget()
    assert digest("faceloom.a") == before


def test_where_nothing_may_be_written_nothing_is_noted(package: Path) -> None:
    (package / "a.py").write_text(BEFORE)
    (package / "__pycache__").write_text("a file, where notes would need a folder\n")
    assert len(digest("faceloom.a")) == 12


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_python_says_the_same(version: str, tmp_path: Path) -> None:
    python = found(version)
    copy = shutil.copytree(
        sources.PACKAGE, tmp_path / "faceloom", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "a.py").write_text(BEFORE)
    line = (
        "import ast, sys; from faceloom.sources import digest, meaning; "
        "print(digest('faceloom.stages.train'), digest('faceloom.stages.compare'), "
        "meaning(ast.parse(open(sys.argv[1]).read())))"
    )
    says = [
        subprocess.run(
            [each, "-c", line, str(tmp_path / "a.py")],
            env={**os.environ, "PYTHONPATH": str(copy.parent), "PYTHONSAFEPATH": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for each in (sys.executable, python)
    ]
    assert says[0] == says[1]


def found(version: str) -> str:
    """That Python, on the path or where pyenv keeps it."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for python in [*map(str, kept), shutil.which(f"python{version}")]:
        if (
            python
            and subprocess.run([python, "-V"], capture_output=True, check=False).returncode == 0
        ):
            return python
    return pytest.skip(f"no Python {version} here")
