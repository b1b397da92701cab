"""What `facts` says agrees with what `pictures` gives."""

from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from drawn import draw_animation, draw_clip, draw_pictures, draw_zip, scene
from faceloom.errors import FaceloomError
from faceloom.media import facts, pictures


def test_a_plain_clip(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 8, sound="aac")
    found = facts(tmp_path / "clip.mp4")
    assert (found.width, found.height) == (found.stored_width, found.stored_height) == (64, 48)
    assert (found.rotation, found.mirrored, found.aspect) == (0, False, 1)
    assert (found.rate, found.variable) == (25, False)
    assert (found.kind, found.codec, found.pixel_format, found.sound) == (
        "video",
        "h264",
        "yuv420p",
        "aac",
    )


@pytest.mark.parametrize(("told", "clockwise"), [(0, 0), (90, 270), (180, 180), (270, 90)])
@pytest.mark.parametrize("aspect", [Fraction(1), Fraction(3, 2)])
def test_sizes_are_those_of_the_pictures(
    tmp_path: Path, told: int, clockwise: int, aspect: Fraction
) -> None:
    draw_clip(tmp_path / "clip.mp4", 2, (40, 20), rotation=told, aspect=aspect)
    found = facts(tmp_path / "clip.mp4")
    assert next(pictures(tmp_path / "clip.mp4")).image.shape == (found.height, found.width, 3)
    assert (found.stored_width, found.stored_height) == (40, 20)
    assert (found.rotation, found.aspect) == (clockwise, aspect)


def test_mirrored(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 2, mirrored=True)
    assert facts(tmp_path / "clip.mp4").mirrored


def test_a_rate_that_varies(tmp_path: Path) -> None:
    ticks = [0, 40, 80, 200, 240, 400]
    draw_clip(tmp_path / "clip.mp4", 6, ticks=ticks, timebase=Fraction(1, 1000))
    found = facts(tmp_path / "clip.mp4")
    assert found.variable
    assert found.rate == Fraction(5 * 1000, 400)


def test_times_rounded_to_milliseconds_are_no_variation(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mkv", 40, rate=Fraction(30000, 1001))
    found = facts(tmp_path / "clip.mkv")
    assert not found.variable
    assert float(found.rate) == pytest.approx(29.97, abs=0.02)


def test_a_folder_and_a_zip(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "clip", ["1.png", "2.png"])
    draw_zip(tmp_path / "clip.zip", tmp_path / "clip")
    for path, kind in ((tmp_path / "clip", "folder"), (tmp_path / "clip.zip", "zip")):
        found = facts(path, rate=Fraction(30))
        assert (found.width, found.height, found.kind, found.codec) == (64, 48, kind, "png")
        assert (found.rate, found.variable, found.sound) == (30, False, None)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_of_a_picture(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(scene(0)).save(tmp_path / "face.jpg", exif=exif)
    found = facts(tmp_path / "face.jpg")
    turns = {1: 0, 2: 0, 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
    assert (found.rotation, found.mirrored) == (turns[orientation], orientation in (2, 4, 5, 7))
    assert next(pictures(tmp_path / "face.jpg")).image.shape == (found.height, found.width, 3)
    assert (found.stored_width, found.stored_height, found.kind) == (64, 48, "picture")


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp"])
def test_an_animation_is_a_video(tmp_path: Path, name: str) -> None:
    draw_animation(tmp_path / name, [100, 300, 100])
    found = facts(tmp_path / name)
    assert (found.kind, found.variable, found.codec) == ("video", True, name[5:])


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="no such file"):
        facts(tmp_path / "clip.mp4")
