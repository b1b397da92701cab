"""extract: exact times, and what each frame is like beside the one before it."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from commands import answered, command, refused
from drawn import draw_clip, draw_pictures, draw_zip, scene, scenes
from faceloom.errors import FaceloomError
from faceloom.rows.frames import Frame
from faceloom.settings import Extract
from faceloom.stages.extract import extract
from faceloom.tables import read

LOSSLESS = {"codec": "ffv1", "pixel_format": "bgr0"}


def index(clip: Path, settings: Extract | None = None) -> list[Frame]:
    frames = clip.with_name("frames.parquet")
    extract(clip, frames, settings or Extract())
    return read(frames, Frame)


def starts(rows: list[Frame]) -> list[Fraction]:
    return [row.ticks * Fraction(row.timebase) for row in rows]


def test_times_of_a_steady_clip_are_exact(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 6, rate=Fraction(30000, 1001))
    rows = index(tmp_path / "clip.mp4")
    beat = Fraction(1001, 30000)
    assert [row.frame for row in rows] == list(range(6))
    assert starts(rows) == [number * beat for number in range(6)]
    assert {row.length * Fraction(row.timebase) for row in rows} == {beat}
    assert [row.seconds for row in rows] == [float(number * beat) for number in range(6)]
    assert {row.duration for row in rows} == {float(beat)}


def test_times_of_an_uneven_clip_are_exact(tmp_path: Path) -> None:
    ticks = [0, 40, 90, 91, 700]
    draw_clip(tmp_path / "clip.mp4", 5, timebase=Fraction(1, 1000), ticks=ticks)
    rows = index(tmp_path / "clip.mp4")
    assert starts(rows) == [Fraction(tick, 1000) for tick in ticks]
    lengths = [row.length * Fraction(row.timebase) for row in rows]
    assert lengths[:-1] == [Fraction(n, 1000) for n in (40, 50, 1, 609)]
    assert lengths[-1] > 0
    assert [row.duration for row in rows] == [float(length) for length in lengths]


def test_keyframes(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 6, options={"g": "3", "sc_threshold": "0"})
    rows = index(tmp_path / "clip.mp4")
    assert [row.keyframe for row in rows] == [True, False, False] * 2


def test_a_ramp_of_two_levels_a_pixel_has_sharpness_two(tmp_path: Path) -> None:
    ramp = np.tile(np.arange(0, 200, 2, np.uint8)[None, :, None], (50, 1, 3))
    draw_clip(tmp_path / "clip.mkv", [ramp], **LOSSLESS)
    (only,) = index(tmp_path / "clip.mkv")
    assert only.sharpness == pytest.approx(2, rel=0.02)  # the two borders are flat


def test_a_hard_cut_begins_a_scene_and_motion_does_not(tmp_path: Path) -> None:
    other = [255 - image for image in scenes(3)]
    draw_clip(tmp_path / "clip.mkv", [*scenes(4), *other, *scenes(2)], **LOSSLESS)
    assert [row.scene for row in index(tmp_path / "clip.mkv")] == [0] * 4 + [1] * 3 + [2] * 2


def test_what_counts_as_a_cut_can_be_told(tmp_path: Path) -> None:
    half = scene(0).copy()
    half[:24] = 255 - half[:24]  # half of all colours are elsewhere
    draw_clip(tmp_path / "clip.mkv", [scene(0), half], **LOSSLESS)
    assert [row.scene for row in index(tmp_path / "clip.mkv", Extract(cut=0.4))] == [0, 1]
    assert [row.scene for row in index(tmp_path / "clip.mkv", Extract(cut=0.6))] == [0, 0]


def test_duplicates_are_equal_to_the_frame_before(tmp_path: Path) -> None:
    numbers = [0, 0, 1, 1, 1, 2, 0]
    draw_clip(tmp_path / "clip.mkv", [scene(n) for n in numbers], **LOSSLESS)
    rows = index(tmp_path / "clip.mkv")
    assert [row.duplicate for row in rows] == [False, True, False, True, True, False, False]


def test_what_drifts_slowly_is_not_all_a_duplicate_of_its_beginning(tmp_path: Path) -> None:
    frames = [np.full((64, 64, 3), 100 + number, np.uint8) for number in range(8)]
    draw_clip(tmp_path / "clip.mkv", frames, **LOSSLESS)
    rows = index(tmp_path / "clip.mkv", Extract(same=2.5))
    assert [row.frame for row in rows if not row.duplicate] == [0, 3, 6]


def test_folders_zips_and_single_pictures(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "clip", ["1.png", "2.png", "10.png"])
    draw_zip(tmp_path / "clip.zip", tmp_path / "clip")
    Image.fromarray(scene(0)).save(tmp_path / "one.png")
    rows = index(tmp_path / "clip", Extract(rate=29.97))
    assert starts(rows) == [Fraction(100, 2997) * number for number in range(3)]
    assert index(tmp_path / "clip.zip", Extract(rate=29.97)) == rows
    (only,) = index(tmp_path / "one.png")
    assert (only.frame, only.duration, only.scene, only.duplicate) == (0, 0.04, 0, False)


def test_a_clip_without_frames_is_told(tmp_path: Path) -> None:
    draw_clip(tmp_path / "heard.mp4", pictured=False, sound="aac")
    with pytest.raises(FaceloomError, match=r"^[^\n]*heard\.mp4: [^\n]*$"):
        index(tmp_path / "heard.mp4")
    assert not (tmp_path / "frames.parquet").exists()


def test_as_a_command(tmp_path: Path) -> None:
    clip, out = tmp_path / "clip.mp4", tmp_path / "made/frames.parquet"
    draw_clip(clip, 4)
    done = command("extract", clip=clip, frames=out, settings=Extract())
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["extract: 4 frames"]
    assert len(read(out, Frame)) == 4


def test_a_typo_in_the_settings_is_one_line(tmp_path: Path) -> None:
    out = tmp_path / "frames.parquet"
    done = answered("extract", clip=tmp_path / "none.mp4", frames=out, settings='{"cutt": 0.4}')
    refused(done, "--settings: cutt: extra inputs are not permitted", out)
