"""The report in a real browser: every film can play, and nothing is asked of other machines."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from compared import TOLD, tree
from faceloom.stages.compare import compare

pytestmark = pytest.mark.live

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,12000",
)
PATIENCE = (5_000, 20_000, 60_000)  # milliseconds of the page's own time, until all films are in


@pytest.fixture(autouse=True)
def browser():
    if BROWSER is None:
        if os.environ.get("CI_LIVE") == "1":
            pytest.fail("there is no chromium; apt-get install chromium")
        pytest.skip("there is no chromium")


def opened(report: Path, profile: Path, patience: int) -> str:
    """The page as the browser has it after that time."""
    line = [str(BROWSER), *QUIET, f"--user-data-dir={profile}"]
    line += [f"--virtual-time-budget={patience}", "--dump-dom", report.as_uri()]
    done = subprocess.run(line, capture_output=True, text=True, timeout=180)
    assert "</html>" in done.stdout, done.stderr
    return done.stdout


def counts(page: str) -> dict[str, int]:
    """What the page counted: films, those that can play, those that cannot."""
    (root,) = re.findall(r"<html[^>]*>", page)
    return {name: int(value) for name, value in re.findall(r'data-(\w+)="(\d+)"', root)}


def settled(report: Path, folder: Path) -> tuple[str, dict[str, int]]:
    """The page once every film has said whether it can play."""
    for number, patience in enumerate(PATIENCE):
        page = opened(report, folder / f"profile{number}", patience)
        found = counts(page)
        if found["playing"] + found["broken"] == found["films"]:
            break
    return page, found


def test_every_film_plays_and_nothing_comes_from_elsewhere(tmp_path):
    given = tree(tmp_path)
    compare(**given)
    page, found = settled(given["report"], tmp_path)
    # for each swap all side by side, each variant, the host and the truth; and the previews
    films = sum(2 + len(TOLD["variants"]) + ("truth" in swap) for swap in TOLD["swaps"].values())
    assert found == {"films": films + 1, "playing": films + 1, "broken": 0}
    assert not re.search(r"""(?:src|href|poster|srcset)\s*=\s*["']?\s*(?:https?:)?//""", page)
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page


def test_a_film_that_cannot_play_is_noticed(tmp_path):
    given = tree(tmp_path)
    compare(**given)
    given["films"][0].write_bytes(b"no film")
    _, found = settled(given["report"], tmp_path)
    assert found["broken"] == 1 and found["playing"] == found["films"] - 1
