"""A project with a clip to add, and no DVC in it: that takes seconds and is tried by itself."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from drawn import draw_clip
from faceloom.commands import new as making
from faceloom.media import pictures
from faceloom.projects import dvc

DEMO = Path(__file__).parents[3] / "data/demo"


@pytest.fixture(scope="session")
def actors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short clips of rendered actors: anna.mp4, ben.mp4, and both.mp4."""
    folder = tmp_path_factory.mktemp("actors")
    anna, ben = (
        [picture.image for picture in pictures(DEMO / f"{name}.mp4") if picture.frame % 12 == 0]
        for name in ("boris", "chen")
    )
    draw_clip(folder / "anna.mp4", anna[:4])
    draw_clip(folder / "ben.mp4", ben[:4])
    draw_clip(folder / "both.mp4", [np.hstack(two) for two in zip(anna, ben, strict=False)][:4])
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, the folder that is worked in."""
    monkeypatch.setattr(making, "with_dvc", lambda: None)
    monkeypatch.setattr(dvc, "dvc", lambda *words: pytest.fail(f"dvc {words}"))
    making.new(tmp_path / "film")
    monkeypatch.chdir(tmp_path / "film")
    return tmp_path / "film"


@pytest.fixture
def take(actors: Path, tmp_path: Path) -> Path:
    """A clip of anna alone."""
    return Path(shutil.copy(actors / "anna.mp4", tmp_path / "Take 1.MP4"))
