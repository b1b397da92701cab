"""Whole clips of every kind, good and bad, read by `pictures`."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from drawn import (
    cut,
    draw_animation,
    draw_clip,
    draw_pictures,
    draw_zip,
    garbage,
    scene,
    scenes,
)
from faceloom.errors import FaceloomError
from faceloom.media import frame_at, pictures, times

VIDEO = "clip.mp4"


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of two pictures in levels."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def refused(path: Path) -> str:
    """What reading the clip ends with: one line that names the file and says what to try."""
    with pytest.raises(FaceloomError) as caught:
        list(pictures(path))
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert "; " in message
    return message


def test_a_clip_comes_back_as_it_was_drawn(tmp_path: Path) -> None:
    drawn = draw_clip(tmp_path / VIDEO, 12)
    read = list(pictures(tmp_path / VIDEO))
    assert [picture.frame for picture in read] == list(range(12))
    assert [picture.seconds for picture in read] == [Fraction(i, 25) for i in range(12)]
    assert {picture.duration for picture in read} == {Fraction(1, 25)}
    assert read[0].keyframe
    assert read[0].image.dtype == np.uint8
    assert max(apart(p.image, d) for p, d in zip(read, drawn, strict=True)) < 1.5


@pytest.mark.parametrize("size", [(16, 16), (63, 47), (2, 2), (1, 1)])
def test_small_and_odd_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    drawn = draw_clip(tmp_path / "clip.mkv", 2, size, codec="ffv1", pixel_format="bgr0")
    read = list(pictures(tmp_path / "clip.mkv"))
    assert [apart(p.image, d) for p, d in zip(read, drawn, strict=True)] == [0, 0]


def test_one_frame_stays_as_long_as_a_frame_does(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 1)
    (only,) = pictures(tmp_path / VIDEO)
    assert only.duration == Fraction(1, 25)


@pytest.mark.parametrize("name", ["a clip é 日本 [1] %03d.mp4", "clip.avi", "clip", "clip.MP4"])
def test_names_do_not_matter(tmp_path: Path, name: str) -> None:
    draw_clip(tmp_path / VIDEO, 3)
    (tmp_path / VIDEO).rename(tmp_path / name)
    assert len(list(pictures(tmp_path / name))) == 3


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("clip.mkv", "libx264", "yuv420p10le"),
        ("clip.mkv", "libx264", "gray"),
        ("clip.webm", "libvpx-vp9", "yuv420p"),
        ("clip.mkv", "ffv1", "gbrp10le"),
        ("clip.mkv", "ffv1", "yuv444p16le"),
        ("clip.mov", "png", "rgb24"),
        ("clip.mov", "png", "rgb48be"),
        ("clip.avi", "mpeg4", "yuv420p"),
        ("clip.mpg", "mpeg2video", "yuv420p"),
        ("clip.ts", "libx264", "yuv422p"),
    ],
)
def test_codecs_and_pixel_formats(tmp_path: Path, name: str, codec: str, pixel_format: str) -> None:
    options = {"mpeg4": {"flags": "+qscale", "global_quality": "118"}}.get(codec, {})
    drawn = draw_clip(
        tmp_path / name, 4, (64, 64), codec=codec, pixel_format=pixel_format, options=options
    )
    read = list(pictures(tmp_path / name))
    if pixel_format == "gray":
        weights = np.array([0.299, 0.587, 0.114])
        drawn = [np.repeat((d @ weights)[..., None], 3, axis=2).round() for d in drawn]
    assert max(apart(p.image, d) for p, d in zip(read, drawn, strict=True)) < 5
    assert all(b.ticks > a.ticks for a, b in zip(read, read[1:], strict=False))


def test_transparent_video_is_laid_over_black(tmp_path: Path) -> None:
    drawn = [np.dstack([p, np.full(p.shape[:2], 128, np.uint8)]) for p in scenes(2)]
    draw_clip(tmp_path / "clip.mov", drawn, codec="png", pixel_format="rgba")
    read = list(pictures(tmp_path / "clip.mov"))
    assert apart(read[1].image, np.rint(scene(1) * (128 / 255))) < 0.01


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_transparent_webm_is_laid_over_black(tmp_path: Path, codec: str) -> None:
    drawn = [np.dstack([p, np.full(p.shape[:2], 128, np.uint8)]) for p in scenes(4)]
    options = {"crf": "4", "b": "2000000", "auto-alt-ref": "0"}
    draw_clip(tmp_path / "clip.webm", drawn, codec=codec, pixel_format="yuva420p", options=options)
    read = list(pictures(tmp_path / "clip.webm"))
    assert [picture.seconds for picture in read] == [Fraction(i, 25) for i in range(4)]
    for number, picture in enumerate(read):
        assert apart(picture.image, np.rint(scene(number) * (128 / 255))) < 3


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_display_matrices_are_obeyed(tmp_path: Path, rotation: int, mirrored: bool) -> None:
    drawn = draw_clip(tmp_path / VIDEO, 2, rotation=rotation, mirrored=mirrored)
    read = list(pictures(tmp_path / VIDEO))
    # FFmpeg's hflip mirrors after the turn; as a turn after a mirror it goes the other way.
    turned = np.rot90(drawn[1], rotation // 90)
    upright = turned[:, ::-1] if mirrored else turned
    if mirrored and rotation % 180:
        upright = np.rot90(drawn[1][:, ::-1], -rotation // 90)
    assert apart(read[1].image, upright) < 1.5
    assert read[1].image.flags.c_contiguous


def test_pixels_become_square_by_width(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 2, (40, 60), aspect=Fraction(3, 2))
    read = next(pictures(tmp_path / VIDEO)).image
    assert read.shape == (60, 60, 3)
    wide = Image.fromarray(scene(0, (40, 60))).resize((60, 60), Image.Resampling.BICUBIC)
    assert apart(read, np.asarray(wide)) < 1.5


def test_turned_pixels_become_square_as_well(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 1, (40, 60), aspect=Fraction(3, 2), rotation=90)
    draw_clip(tmp_path / "wide.mp4", 1, (40, 20), aspect=Fraction(2), rotation=90)
    assert next(pictures(tmp_path / VIDEO)).image.shape == (60, 60, 3)
    assert next(pictures(tmp_path / "wide.mp4")).image.shape == (80, 20, 3)


def test_absurd_pixels_are_taken_as_square(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 1, aspect=Fraction(10))
    reading = pictures(tmp_path / VIDEO)
    assert next(reading).image.shape == (48, 64, 3)
    assert "not believed" in reading.warnings[0]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.mov"])
def test_uneven_times_are_exact(tmp_path: Path, name: str) -> None:
    ticks = [0, 40, 80, 1000, 1001, 1033, 5000]
    draw_clip(tmp_path / name, 7, ticks=ticks, timebase=Fraction(1, 1000), options={"bf": "0"})
    read = list(pictures(tmp_path / name))
    assert [picture.seconds * 1000 for picture in read] == ticks
    assert [picture.duration * 1000 for picture in read][:-1] == [40, 40, 920, 1, 32, 3967]


def test_a_clip_may_start_late(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 3, ticks=[75, 76, 77])
    assert [picture.seconds for picture in pictures(tmp_path / VIDEO)] == [
        3,
        Fraction(76, 25),
        Fraction(77, 25),
    ]


def test_what_an_edit_list_hides_is_left_out(tmp_path: Path) -> None:
    drawn = draw_clip(
        tmp_path / VIDEO,
        20,
        ticks=range(-8, 12),
        muxing={"avoid_negative_ts": "disabled"},
        options={"bf": "0"},
    )
    reading = pictures(tmp_path / VIDEO)
    read = list(reading)
    assert [picture.seconds * 25 for picture in read] == list(range(12))
    assert max(apart(p.image, d) for p, d in zip(read, drawn[8:], strict=True)) < 1.5
    assert (reading.damaged, reading.warnings) == (0, [])


def test_frames_without_times_follow_each_other(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.h264", 6)
    read = list(pictures(tmp_path / "clip.h264"))
    assert [picture.seconds for picture in read] == [Fraction(i, 25) for i in range(6)]


def test_pictures_that_change_size_get_the_first_size(tmp_path: Path) -> None:
    draw_clip(tmp_path / "one.h264", 3, (64, 48))
    draw_clip(tmp_path / "two.h264", 3, (96, 80))
    joined = tmp_path / "joined.h264"
    joined.write_bytes((tmp_path / "one.h264").read_bytes() + (tmp_path / "two.h264").read_bytes())
    reading = pictures(joined)
    assert {picture.image.shape for picture in reading} == {(48, 64, 3)}
    assert "change their size" in " ".join(reading.warnings)


@pytest.mark.parametrize(("name", "codec"), [("clip.mkv", "ffv1"), ("clip.mp4", "libx264")])
@pytest.mark.parametrize("broken", [(20,), (37, 39), (34, 36, 37)])
def test_damaged_packets_are_counted_and_the_others_shown(
    tmp_path: Path, name: str, codec: str, broken: tuple[int, ...]
) -> None:
    options = {"g": "1"} | ({"bf": "0"} if codec == "libx264" else {})
    drawn = draw_clip(tmp_path / name, 40, codec=codec, spoil=garbage(*broken), options=options)
    reading = pictures(tmp_path / name)
    read = {int(picture.seconds * 25): picture.image for picture in reading}
    assert reading.damaged == len(broken) == 40 - len(read)
    assert all(apart(read[i], drawn[i]) < 5 for i in range(40) if i not in broken)
    assert reading.warnings


def test_what_a_damaged_clip_shows_does_not_change(tmp_path: Path) -> None:
    def flipped(number: int, data: bytes) -> bytes:
        middle = len(data) // 2
        return data[:middle] + b"\x55" + data[middle + 1 :] if number % 4 == 3 else data

    generator = np.random.default_rng(3)
    noise = [generator.integers(0, 255, (144, 176, 3), np.uint8) for _ in range(24)]
    draw_clip(tmp_path / VIDEO, noise, spoil=flipped, options={"crf": "30"})
    first, *others = (list(pictures(tmp_path / VIDEO)) for _ in range(4))
    reading = pictures(tmp_path / VIDEO)
    assert len(list(reading)) == len(first)
    assert reading.damaged > 0
    for other in others:
        assert all((a.image == b.image).all() for a, b in zip(first, other, strict=True))


def test_a_film_that_was_cut_off_says_so(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 40, (320, 240), muxing={"movflags": "+faststart"})
    cut(tmp_path / VIDEO, 0.5)
    reading = pictures(tmp_path / VIDEO)
    count = len(list(reading))
    assert 5 < count < 35
    assert reading.damaged == 40 - count
    assert "of 40 pictures are in it" in reading.warnings[0]


@pytest.mark.parametrize("name", ["clip.mkv", "clip.avi"])
def test_other_containers_that_were_cut_off_say_so(tmp_path: Path, name: str) -> None:
    draw_clip(tmp_path / name, 60, (160, 120), codec="mjpeg", pixel_format="yuvj420p")
    cut(tmp_path / name, 0.5)
    reading = pictures(tmp_path / name)
    assert 5 < len(list(reading)) < 55
    assert "cut off" in " ".join(reading.warnings)


@pytest.mark.parametrize("name", ["clip.ts", "clip.flv", "clip.gif"])
@pytest.mark.parametrize("sound", [None, "aac"])
def test_containers_without_a_count_that_were_cut_off_say_so(
    tmp_path: Path, name: str, sound: str | None
) -> None:
    if name.endswith("gif"):
        draw_animation(tmp_path / name, [40] * 30)
    else:
        draw_clip(tmp_path / name, 60, (160, 120), sound=sound, sound_seconds=2.4)
    whole = pictures(tmp_path / name)
    count = len(list(whole))
    assert (whole.damaged, whole.warnings) == (0, [])
    cut(tmp_path / name, 0.53)
    reading = pictures(tmp_path / name)
    assert 5 < len(list(reading)) < count - 5
    assert "cut off" in " ".join(reading.warnings)


def test_a_matroska_of_one_duration_that_was_cut_off_says_so(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mkv", 60, (160, 120), codec="mjpeg", pixel_format="yuvj420p")
    data = (tmp_path / "clip.mkv").read_bytes()
    assert data.count(b"DURATION") == 1
    (tmp_path / "clip.mkv").write_bytes(data.replace(b"DURATION", b"NOTATION"))
    whole = pictures(tmp_path / "clip.mkv")
    assert len(list(whole)) == 60
    assert whole.warnings == []
    cut(tmp_path / "clip.mkv", 0.5)
    reading = pictures(tmp_path / "clip.mkv")
    assert 5 < len(list(reading)) < 55
    assert "cut off" in " ".join(reading.warnings)


def test_interlaced_pictures_are_told(tmp_path: Path) -> None:
    for name, flags in (("woven.mpg", "+ildct+ilme"), ("plain.mpg", "")):
        options = {"flags": flags} if flags else {}
        draw_clip(tmp_path / name, 4, (64, 64), codec="mpeg2video", options=options, sound="mp2")
        reading = pictures(tmp_path / name)
        assert len(list(reading)) == 4
        assert bool(flags) == any(word.startswith("interlaced") for word in reading.warnings)


def test_a_sound_clip_has_no_pictures(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, pictured=False, sound="aac")
    assert "only sound" in refused(tmp_path / VIDEO)


def test_cover_art_is_no_video(tmp_path: Path) -> None:
    with av.open(str(tmp_path / VIDEO), "w") as container:
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        heard = container.add_stream("aac", rate=44100, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        silence.sample_rate = 44100
        container.mux(
            cover.encode(av.VideoFrame.from_ndarray(scene(0)).reformat(format="yuvj420p"))
        )
        container.mux([*cover.encode(None), *heard.encode(silence), *heard.encode(None)])
    assert "only sound" in refused(tmp_path / VIDEO)


def test_missing() -> None:
    assert "no such file" in refused(Path("/nowhere/clip.mp4"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"Just some words.\n", "text file"),
        ("Ein paar Wörter, 日本語。\n".encode() * 60, "text file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        (bytes(range(256)) * 40, "not a video"),
        (b"\0\0\0\x20ftypisom" + bytes(100), "cut off"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nother.mp4\n", "text file"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "text file"),
        (b"PK\x05\x06" + bytes(18), "no pictures in this zip"),
        (b"PK\x03\x04 and no more", "not a video"),
    ],
)
@pytest.mark.parametrize("name", ["clip.mp4", "clip.txt"])
def test_what_is_no_clip(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    draw_clip(tmp_path / "other.mp4", 1)
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name)


def test_a_text_that_is_named_as_a_picture_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "clip.png").write_text("not an image\n")
    assert "a text file" in refused(tmp_path / "clip.png")


def test_truncated_without_index(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 30)
    cut(tmp_path / VIDEO, 0.6)
    assert "copy it again" in refused(tmp_path / VIDEO)


def test_no_picture_decodes(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mkv", 4, codec="ffv1", spoil=garbage(0, 1, 2, 3))
    assert "not one picture" in refused(tmp_path / "clip.mkv")


def test_a_folder_in_natural_order(tmp_path: Path) -> None:
    names = ["img1.png", "img2.jpg", "img10.png", "Img11.webp"]
    draw_pictures(tmp_path / "clip", names)
    draw_pictures(tmp_path / "clip", [".hidden.png"], (10, 10))
    draw_pictures(tmp_path / "clip/__MACOSX", ["img1.png"], (10, 10))
    (tmp_path / "clip" / "README.txt").write_text("not a picture")
    reading = pictures(tmp_path / "clip", rate=Fraction(30000, 1001))
    read = list(reading)
    assert [p.seconds for p in read] == [Fraction(1001, 30000) * i for i in range(4)]
    assert max(apart(p.image, scene(i)) for i, p in enumerate(read)) < 6
    assert apart(read[2].image, scene(2)) == 0


def test_a_zip_like_its_folder(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "clip" / "frames", ["2.png", "10.png", "1.png"])
    draw_pictures(tmp_path / "clip" / "__MACOSX", ["._2.png"], (10, 10))
    draw_zip(tmp_path / "clip.zip", tmp_path / "clip")
    read = list(pictures(tmp_path / "clip.zip"))
    assert [apart(p.image, scene(i)) for p, i in zip(read, (2, 0, 1), strict=True)] == [0, 0, 0]


def test_in_a_zip_what_lies_deeper_is_left_out_as_in_a_folder(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "clip/crops", ["1.png", "2.png"])
    draw_pictures(tmp_path / "clip/crops/masks", ["1.png"], (10, 10))
    draw_zip(tmp_path / "clip.zip", tmp_path / "clip")
    assert len(list(pictures(tmp_path / "clip.zip"))) == 2
    assert len(list(pictures(tmp_path / "clip/crops"))) == 2


def test_missing_numbers_are_told(tmp_path: Path) -> None:
    draw_pictures(tmp_path, ["001.png", "002.png", "003.png", "006.png", "007.png"])
    reading = pictures(tmp_path)
    assert len(list(reading)) == 5
    assert "2 numbers are missing, the first after 003.png" in reading.warnings[0]


def test_another_size_names_the_picture(tmp_path: Path) -> None:
    draw_pictures(tmp_path, ["1.png", "2.png"])
    draw_pictures(tmp_path, ["3.png"], (32, 32))
    with pytest.raises(FaceloomError, match=r"3\.png: 32x32 pixels.*64x48; "):
        list(pictures(tmp_path))


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    draw_pictures(tmp_path, ["1.png", "2.png"])
    cut(tmp_path / "2.png", 0.5)
    with pytest.raises(FaceloomError, match=r"2\.png: .*damaged"):
        list(pictures(tmp_path))


def test_a_broken_picture_in_a_zip_is_named(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "clip", ["1.png", "2.png"])
    draw_zip(tmp_path / "clip.zip", tmp_path / "clip")
    data = (tmp_path / "clip.zip").read_bytes()
    where = data.index(b"2.png") + 300
    (tmp_path / "clip.zip").write_bytes(data[:where] + b"spoiled" + data[where + 7 :])
    with pytest.raises(FaceloomError, match=r"clip\.zip: 2\.png is damaged"):
        list(pictures(tmp_path / "clip.zip"))


def test_a_folder_without_pictures(tmp_path: Path) -> None:
    assert "no pictures" in refused(tmp_path)


def test_one_picture_is_a_clip(tmp_path: Path) -> None:
    draw_pictures(tmp_path, ["face.png"])
    (tmp_path / "face.png").rename(tmp_path / "face.mp4")
    (only,) = pictures(tmp_path / "face.mp4", rate=Fraction(10))
    assert apart(only.image, scene(0)) == 0
    assert only.duration == Fraction(1, 10)


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp", "clip.png"])
def test_animations_keep_their_times(tmp_path: Path, name: str) -> None:
    draw_animation(tmp_path / name, [100, 250, 40])
    read = list(pictures(tmp_path / name))
    assert [float(p.seconds) for p in read] == [0, 0.1, 0.35]
    assert read[-1].duration == Fraction(4, 100)
    assert max(apart(p.image, scene(i)) for i, p in enumerate(read)) < (
        8 if "gif" in name else 0.01
    )


def test_a_cut_animation_shows_what_it_has(tmp_path: Path) -> None:
    draw_animation(tmp_path / "clip.png", [100] * 6)
    cut(tmp_path / "clip.png", 0.6)
    reading = pictures(tmp_path / "clip.png")
    assert 1 <= len(list(reading)) < 6
    assert reading.damaged == 1
    assert "cut off" in reading.warnings[0]


def test_times_are_those_of_the_pictures(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 5, ticks=[0, 3, 4, 9, 10])
    read = [(p.frame, p.ticks, p.length, p.keyframe) for p in pictures(tmp_path / VIDEO)]
    assert [(m.frame, m.ticks, m.length, m.keyframe) for m in times(tmp_path / VIDEO)] == read


def test_one_frame_by_its_number(tmp_path: Path) -> None:
    draw_clip(tmp_path / VIDEO, 5)
    fourth = list(pictures(tmp_path / VIDEO))[3]
    found = frame_at(tmp_path / VIDEO, 3)
    assert (found.image == fourth.image).all()
    assert (found.frame, found.ticks, found.length) == (3, fourth.ticks, fourth.length)
    with pytest.raises(FaceloomError, match="no frame 5"):
        frame_at(tmp_path / VIDEO, 5)
