"""A full disk is told in one line by whatever writes, and leaves nothing that is half."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.album import mapped
from faceloom.errors import FaceloomError
from faceloom.media import Film
from faceloom.rows.steps import Step
from faceloom.tables import whole, write
from faceloom.training.checkpoint import Checkpoint
from faceloom.training.state import State
from workflow.broken import full, may_mount, mounted

NOISE = np.random.default_rng(0).integers(0, 255, (12, 64, 64, 3), dtype=np.uint8)
WEIGHTS = {"weight": torch.from_numpy(NOISE[0].astype(np.float32))}


def film(path: Path) -> None:
    with (
        whole(path) as part,
        Film(part, size=(64, 64), timebase=Fraction(1, 25), rate=Fraction(25)) as made,
    ):
        for number, image in enumerate(NOISE):
            made.add(image, number, 1)


def table(path: Path) -> None:
    write(path, (Step(n, "total", float(x)) for n, x in enumerate(NOISE[0].flat)), Step)


def checkpoint(path: Path) -> None:
    with whole(path) as part:
        Checkpoint("{}", ["anna"], {}, "fp32", WEIGHTS).save(part)


def state(path: Path) -> None:
    State("mark", 1, WEIGHTS, {}, {}, {}).save(path)


WRITERS = pytest.mark.parametrize("writer", [film, table, checkpoint, state])


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Files may have only so many bytes, as by ulimit -f."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@WRITERS
def test_a_file_is_whole_or_absent_whatever_it_may_weigh(
    writer: Callable[[Path], None], tmp_path: Path
) -> None:
    writer(tmp_path / "good")
    good = (tmp_path / "good").read_bytes()
    path = tmp_path / "file"
    for limit in {*range(0, len(good), len(good) // 15), len(good) - 1}:
        with limited(limit):
            error = failing(writer, path)
        assert "no file may be as large here" in error, limit
        assert [each.name for each in tmp_path.iterdir()] == ["good"], limit
    with limited(len(good)):
        writer(path)
    assert path.read_bytes() == good


@pytest.mark.skipif(not may_mount(), reason="a disk of its own needs root, and leave to mount")
@WRITERS
def test_a_full_disk_keeps_the_last_good_file(
    writer: Callable[[Path], None], tmp_path: Path
) -> None:
    with mounted(tmp_path / "disk", "1m") as disk:
        path = disk / "file"
        writer(path)
        good = path.read_bytes()
        for room in (0, 4096, len(good) // 2):
            with full(disk, room):
                assert "no room left on the disk" in failing(writer, path), room
                assert {each.name for each in disk.iterdir()} == {"file", "filler"}
            assert path.read_bytes() == good


@pytest.mark.skipif(not may_mount(), reason="a disk of its own needs root, and leave to mount")
def test_without_room_to_set_faces_aside_nobody_crashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mounted(tmp_path / "disk", "1m") as disk:
        monkeypatch.setattr("tempfile.tempdir", str(disk))
        with pytest.raises(FaceloomError, match="no room left"):
            mapped((3, 1024, 1024))[...] = 1
        kept = mapped((512, 1024))
        kept[...] = 1
        assert kept.sum() == 512 * 1024
        assert not list(disk.iterdir())  # nothing to be left behind


def failing(writer: Callable[[Path], None], path: Path) -> str:
    try:
        writer(path)
    except FaceloomError as error:
        return str(error)
    return "no error"
