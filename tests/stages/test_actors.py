"""The renderer: equal seeds, equal bits; labels that fit the pictures; one line where it fails."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from actors import PACKAGE, PYTHON, places, with_package, with_renderer
from faceloom.actors import labels
from faceloom.errors import FaceloomError
from faceloom.settings.actors import Actors
from faceloom.stages.actors import actors, called

SMALL = Actors(size=64, samples=1, frames=2, every=12)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_names_say_who_it_is() -> None:
    sheet = places()["sheet"]
    names = [name for name, *_ in called("random", 7, 0, sheet, True)]
    assert names == ["s7a", "s7a_as_s7b"]
    assert [name for name, *_ in called("random", 7, 3, sheet, True)] == ["s7p0", "s7p1", "s7p2"]
    ((name, host, donor, seed),) = called("s7a_as_s7b", 9, 0, sheet, True)
    assert (name, seed) == ("s7a_as_s7b", 9)
    assert host != donor[1]
    assert [name for name, *_ in called("anna,boris", 0, 0, sheet, False)] == ["anna"]


def test_somebody_unknown_is_one_line() -> None:
    with pytest.raises(FaceloomError, match=r"cast.yaml: no anne among anna, boris"):
        list(called("anne", 0, 0, places()["sheet"], True))


def test_no_renderer_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match=r"not set up; run ./run setup actors"):
        actors(tmp_path, python=tmp_path / "python")


@pytest.mark.truth
@with_renderer
def test_equal_seeds_are_equal_bits_whoever_shares_the_work(tmp_path: Path) -> None:
    for place, jobs in (("one", 1), ("two", 2)):
        actors(tmp_path / place, seed=7, jobs=jobs, settings=SMALL, **places())
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert set(digests(tmp_path / "one")) == {
        f"{name}.{end}"
        for name in ("s7a", "s7a_as_s7b")
        for end in ("mp4", "json", "parquet", "npz")
    }
    clip, twin = (labels.shot(tmp_path / "one", name) for name in ("s7a", "s7a_as_s7b"))
    assert clip.seg.shape == (2, 64, 64)
    assert set(np.unique(clip.seg)) >= {labels.BACKGROUND, labels.SKIN, labels.CLOTH}
    assert clip.points.shape == (2, 68, 2)
    assert clip.facts["donor"] is None
    assert twin.facts["donor"]
    assert [row.yaw for row in clip.frames] == [row.yaw for row in twin.frames]
    inner = np.rint(clip.points[0, 27:48]).astype(int)
    assert clip.swap[0][inner[:, 1], inner[:, 0]].mean() > 0.8
    near = clip.depth[clip.seg == labels.SKIN].mean()
    assert near < clip.depth[clip.seg == labels.BACKGROUND].mean()


@pytest.mark.truth
@with_renderer
def test_a_failing_renderer_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no screen >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(FaceloomError, match=r"render.log: Blender failed: no screen"):
        actors(tmp_path / "out", settings=SMALL, **{**places(), "python": broken})


@with_package
def test_a_package_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert PACKAGE.exists()
    python = PYTHON if PYTHON.exists() else PACKAGE
    with pytest.raises(FaceloomError, match=r"nothing.whl: not there"):
        actors(tmp_path, **{**places(), "python": python, "package": tmp_path / "nothing.whl"})
