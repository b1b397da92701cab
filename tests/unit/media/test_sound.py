"""The clip's sound in the film: there, in time, uncut."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from drawn import draw_clip, draw_pictures, scenes
from faceloom.media import Film
from faceloom.media.sound import fitted


def film_with(path: Path, clip: Path, first: int = 0, count: int = 25) -> Film:
    """A film of as many pictures at 25 a second, with that clip's sound."""
    film = Film(path, size=(64, 48), timebase=Fraction(1, 25), rate=Fraction(25), sound_from=clip)
    with film:
        for number, image in enumerate(scenes(count)):
            film.add(image, first + number, 1)
    return film


def heard(path: Path) -> tuple[float, float]:
    """When a tone begins and ends, in seconds."""
    loud = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            samples = np.abs(frame.to_ndarray().astype(np.float64)).max(axis=0)
            level = samples / (32768 if "16" in frame.format.name else 1)
            start = float(frame.pts * frame.time_base)
            loud += [start + at / frame.sample_rate for at in np.flatnonzero(level > 0.1)]
    return loud[0], loud[-1]


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(p) for p in container.demux(container.streams.audio[0]) if p.size]


@pytest.mark.parametrize(
    ("name", "codec", "done"),
    [
        ("clip.mp4", "aac", "copied"),
        ("clip.ts", "aac", "copied"),
        ("clip.mkv", "aac", "copied"),
        ("clip.avi", "libmp3lame", "copied"),
        ("clip.mkv", "pcm_s16le", "encoded aac"),
        ("clip.webm", "libopus", "encoded aac"),
        ("clip.mkv", "flac", "encoded aac"),
    ],
)
def test_sound_stays_where_it_was(tmp_path: Path, name: str, codec: str, done: str) -> None:
    pictures_as = "libvpx-vp9" if name.endswith("webm") else "mpeg4" if "avi" in name else "libx264"
    clip, film = tmp_path / name, tmp_path / "film.mp4"
    draw_clip(clip, 25, codec=pictures_as, sound=codec, sound_seconds=0.5, sound_start=0.25)
    assert film_with(film, clip).sound == done
    assert np.abs(np.subtract(heard(film), heard(clip))).max() < 0.01
    if done == "copied" and not name.endswith("ts"):
        assert packets(film) == packets(clip)


def test_sound_that_is_longer_is_not_cut(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 5, sound="aac", sound_seconds=2)
    film_with(tmp_path / "film.mp4", tmp_path / "clip.mp4", count=5)
    assert heard(tmp_path / "film.mp4")[1] == pytest.approx(2, abs=0.03)
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.duration * stream.time_base == Fraction(5, 25)


@pytest.mark.parametrize("codec", ["aac", "pcm_s16le"])
def test_a_film_that_is_moved_takes_its_sound_along(tmp_path: Path, codec: str) -> None:
    draw_clip(tmp_path / "clip.mkv", 5, sound=codec, sound_seconds=1)
    film = film_with(tmp_path / "film.mp4", tmp_path / "clip.mkv", first=-10)
    assert film.shift == Fraction(10, 25)
    begins, _ = heard(tmp_path / "clip.mkv")
    assert heard(tmp_path / "film.mp4")[0] == pytest.approx(begins + 0.4, abs=0.01)


def test_sound_and_pictures_lie_side_by_side_in_the_file(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 100, sound="aac", sound_seconds=4)
    film_with(tmp_path / "film.mp4", tmp_path / "clip.mp4", count=100)
    with av.open(str(tmp_path / "film.mp4")) as container:
        kinds = "".join(p.stream.type[0] for p in container.demux() if p.size)
    assert max(map(len, kinds.split("a"))) < 40


def test_damaged_sound_does_not_stop_the_film(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mkv", 25, sound="flac", sound_seconds=2)
    data = bytearray((tmp_path / "clip.mkv").read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 3000, 7):
        data[at] ^= 0xFF
    (tmp_path / "clip.mkv").write_bytes(bytes(data))
    assert film_with(tmp_path / "film.mp4", tmp_path / "clip.mkv").sound == "encoded aac"
    assert heard(tmp_path / "film.mp4")[0] < 0.05


def test_clips_without_sound(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 3)
    draw_pictures(tmp_path / "clip", ["1.png"])
    assert film_with(tmp_path / "one.mp4", tmp_path / "clip.mp4").sound == "none"
    assert film_with(tmp_path / "two.mp4", tmp_path / "clip").sound == "none"


def test_holes_become_silence_and_overlaps_go() -> None:
    samples = np.ones((2, 100), np.float32)
    assert fitted(samples, 0, 1000).shape == (2, 100)
    assert fitted(samples, 30, 1000).shape == (2, 100)
    assert fitted(samples, 300, 1000).shape == (2, 400)
    assert fitted(samples, 300, 1000)[:, :300].max() == 0
    assert fitted(samples, -60, 1000).shape == (2, 40)
    assert fitted(samples, -600, 1000).shape == (2, 0)
