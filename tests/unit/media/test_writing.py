"""Films read back as they were written."""

from errno import EIO, ENOSPC
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from drawn import draw_pictures, scene, scenes
from faceloom.errors import FaceloomError, writable
from faceloom.media import Film, facts, pictures

NAME = "film.mp4.part"


def write(
    path: Path,
    shown: list[np.ndarray],
    ticks: list[int],
    last: int = 1,
    timebase: Fraction = Fraction(1, 25),
    **options: object,
) -> Film:
    """A film of these pictures, each up to the next one."""
    lengths = [b - a for a, b in zip(ticks, ticks[1:], strict=False)] + [last]
    height, width = shown[0].shape[:2]
    film = Film(path, size=(width, height), timebase=timebase, rate=Fraction(25), **options)
    with film:
        for image, at, length in zip(shown, ticks, lengths, strict=True):
            film.add(image, at, length)
    return film


@pytest.mark.parametrize("size", [(320, 240), (1280, 720)])
def test_colours_survive(tmp_path: Path, size: tuple[int, int]) -> None:
    shown = scenes(3, size)
    write(tmp_path / NAME, shown, [0, 1, 2])
    for drawn, read in zip(shown, pictures(tmp_path / NAME), strict=True):
        apart = read.image.astype(int) - drawn
        assert np.abs(apart).mean() < 1
        assert np.abs(apart.mean(axis=(0, 1))).max() < 0.6


@pytest.mark.parametrize(
    ("timebase", "ticks", "last"),
    [
        (Fraction(1, 25), [0, 1, 2, 3], 1),
        (Fraction(1001, 30000), [0, 1, 2, 3], 1),
        (Fraction(1, 1000), [0, 33, 67, 100, 133], 34),
        (Fraction(1, 1000), [5, 40, 80, 1200, 1201], 777),
        (Fraction(1, 90000), [133_500, 137_103, 140_706], 3603),
        (Fraction(1, 12800), [38_400, 38_912, 39_425], 1),
        (Fraction(1, 1_200_000), [0, 48_000], 96_001),
        (Fraction(1), [0, 1, 5], 2),
        (Fraction(1, 25), [7], 3),
    ],
)
def test_times_are_kept_to_the_tick(
    tmp_path: Path, timebase: Fraction, ticks: list[int], last: int
) -> None:
    write(tmp_path / NAME, scenes(len(ticks)), ticks, last, timebase)
    read = list(pictures(tmp_path / NAME))
    assert [p.seconds for p in read] == [at * timebase for at in ticks]
    assert read[-1].duration == last * timebase
    with av.open(str(tmp_path / NAME)) as container:
        stream = container.streams.video[0]
        packets = [p for p in container.demux(stream) if p.size]
        assert [p.pts * p.time_base for p in packets] == [at * timebase for at in ticks]
        assert stream.duration * stream.time_base == (ticks[-1] + last - ticks[0]) * timebase


@pytest.mark.parametrize("rate", [Fraction(10**12 + 1, 10**11), Fraction(1, 10**6), 29.97])
def test_any_rate_will_do(tmp_path: Path, rate: Fraction) -> None:
    draw_pictures(tmp_path / "clip", ["1.png", "2.png"])
    first, second = pictures(tmp_path / "clip", rate=Fraction(29.97))
    film = Film(tmp_path / NAME, size=(64, 48), timebase=first.timebase, rate=Fraction(rate))
    with film:
        film.add(first.image, first.ticks, first.length)
        film.add(second.image, second.ticks, second.length)
    assert [p.seconds for p in pictures(tmp_path / NAME)] == [0, Fraction(100, 2997)]


def test_a_film_that_begins_before_nought_is_moved_as_a_whole(tmp_path: Path) -> None:
    film = write(tmp_path / NAME, scenes(3), [-50, -25, 0], 25)
    assert film.shift == 2
    assert [p.seconds for p in pictures(tmp_path / NAME)] == [0, 1, 2]


@pytest.mark.parametrize("size", [(63, 47), (63, 48), (64, 47), (1, 1), (16, 16)])
def test_odd_sizes_are_padded_by_repeating_the_edge(tmp_path: Path, size: tuple[int, int]) -> None:
    film = write(tmp_path / NAME, scenes(2, size), [0, 1])
    width, height = size
    assert film.padding == (width % 2, height % 2)
    read = next(pictures(tmp_path / NAME)).image
    assert read.shape == (height + height % 2, width + width % 2, 3)
    assert np.abs(read[:height, :width].astype(int) - scene(0, size)).mean() < 6
    if width % 2 and width > 1:
        assert np.abs(read[:, -1].astype(int) - read[:, -2]).mean() < 4


def test_what_players_are_told(tmp_path: Path) -> None:
    write(tmp_path / NAME, scenes(2), [0, 1])
    with av.open(str(tmp_path / NAME)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (stream.codec_context.name, stream.profile, context.pix_fmt) == (
            "h264",
            "High",
            "yuv420p",
        )
        assert (context.colorspace, context.color_range) == (1, 1)
        assert (context.color_primaries, context.color_trc) == (1, 1)
        assert "mp4" in container.format.name
    data = (tmp_path / NAME).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_metadata_reads_back(tmp_path: Path) -> None:
    told = {
        "title": "Emi as Hana, é 日本",
        "comment": "synthetic",
        "faceloom:lineage": '{"clip": "0f3a"}' * 300,
    }
    write(tmp_path / NAME, scenes(2), [0, 1], metadata=told)
    with av.open(str(tmp_path / NAME)) as container:
        assert told.items() <= container.metadata.items()


@pytest.mark.parametrize("threads", [1, 2])
def test_equal_calls_write_equal_bytes(tmp_path: Path, threads: int) -> None:
    shown = scenes(30, (160, 120))
    for name in ("one.mp4", "two.mp4"):
        write(tmp_path / name, shown, list(range(30)), threads=threads)
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def test_an_exception_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        Film(tmp_path / NAME, size=(64, 48), timebase=Fraction(1, 25), rate=Fraction(25)) as film,
    ):
        film.add(scene(0), 0, 1)
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_film_without_pictures_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(FaceloomError, match="no picture"),
        Film(tmp_path / NAME, size=(64, 48), timebase=Fraction(1, 25), rate=Fraction(25)),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="cannot be written"):
        write(tmp_path / "nowhere" / NAME, scenes(1), [0])


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="no room left"), writable(tmp_path / NAME):
        raise OSError(ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="broken"), writable(tmp_path / NAME):
        raise OSError(EIO, "broken")


def test_sound_from_a_clip_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="no such file"):
        write(tmp_path / NAME, scenes(1), [0], sound_from=tmp_path / "clip.mp4")
    assert list(tmp_path.iterdir()) == []


def test_mistakes_of_the_caller(tmp_path: Path) -> None:
    with Film(tmp_path / NAME, size=(64, 48), timebase=Fraction(1, 25), rate=Fraction(25)) as film:
        film.add(scene(0), 3, 1)
        with pytest.raises(ValueError, match="tick 3 after one at tick 3"):
            film.add(scene(0), 3, 1)
        with pytest.raises(ValueError, match="shape"):
            film.add(scene(0, (32, 32)), 4, 1)


def test_what_is_read_can_be_written(tmp_path: Path) -> None:
    write(tmp_path / "one.mp4", scenes(6), [0, 2, 3, 9, 10, 11], 4)
    read = list(pictures(tmp_path / "one.mp4"))
    told = facts(tmp_path / "one.mp4")
    with Film(
        tmp_path / "two.mp4",
        size=(told.width, told.height),
        timebase=read[0].timebase,
        rate=told.rate,
    ) as film:
        for picture in read:
            film.add(picture.image, picture.ticks, picture.length)
    again = list(pictures(tmp_path / "two.mp4"))
    assert [(p.ticks, p.length, p.timebase) for p in again] == [
        (p.ticks, p.length, p.timebase) for p in read
    ]
