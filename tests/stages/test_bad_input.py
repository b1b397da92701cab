"""Clips as people have them, through the commands from the file to the film; nobody is swapped.

Every clip is drawn from a rendered actor, so what its pictures should be is known. Each face's own
crop is laid back into its clip: the film must be the clip again.
"""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from drawn import cut, draw_clip, draw_pictures, scenes
from faceloom import cli
from faceloom.media import pictures
from faceloom.rows.faces import Face
from faceloom.rows.frames import Frame
from faceloom.tables import read

ROOT = Path(__file__).parents[2]
TASK = ROOT / "resources/weights/face_landmarker.task"
LINEAGE = {"swap": {"name": "itself", "faces": {"boris": "boris"}}, "consent": {"boris": "self"}}
COUNT = 4  # pictures
VERBS = ("extract", "detect", "track", "crop", "blend")
MADE = ("frames", "detections", "sightings", "faces", "film")

pytestmark = pytest.mark.skipif(not TASK.exists(), reason="the weights are not there")


@cache
def actor(name: str = "boris") -> tuple[np.ndarray, ...]:
    """A few pictures of a rendered actor, 256 pixels square."""
    return tuple(p.image for p in islice(pictures(ROOT / f"data/demo/{name}.mp4"), COUNT))


def through(clip: Path, *verbs: str) -> list[int]:
    """The statuses of the commands, each going on from what the one before has made."""
    folder = clip.parent / "made"
    paths = {name: folder / f"{name}.parquet" for name in MADE}
    given: dict[str, dict[str, object]] = {
        "extract": {"clip": clip},
        "detect": {"clip": clip, "frames": paths["frames"], "weights": TASK},
        "track": {"frames": paths["frames"], "detections": paths["detections"]},
        "crop": {
            "clip": clip,
            "sightings": paths["sightings"],
            "name": "walk",
            "people": "boris",
        },
        "blend": {
            "clip": clip,
            "frames": paths["frames"],
            "faces": paths["faces"],
            "lineage": json.dumps(LINEAGE),
            "sidecar": folder / "film.json",
            "settings": '{"quality": 4, "mark": "metadata"}',
        },
    }
    statuses = []
    for verb, made in zip(VERBS, MADE, strict=True):
        if verb in (verbs or VERBS):
            out = folder / "film.mp4" if verb == "blend" else paths[made]
            words = {"settings": "{}", **given[verb], made: out}
            line = [word for name, value in words.items() for word in (f"--{name}", str(value))]
            statuses.append(cli.answer([verb, *line]))
    return statuses


def drawn(path: Path, change: Callable[[np.ndarray], np.ndarray] | None = None, **how: Any) -> None:
    """A clip of the actor, its stored pictures changed."""
    images = list(actor())
    draw_clip(path, [change(image) for image in images] if change else images, **how)


def grey(image: np.ndarray) -> np.ndarray:
    luma = image @ np.array([0.299, 0.587, 0.114])
    return np.repeat(np.rint(luma)[..., None], 3, axis=2).astype(np.uint8)


def half_wide(image: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.resize(image, (128, 256), interpolation=cv2.INTER_AREA), np.uint8)


def with_hole(image: np.ndarray) -> np.ndarray:
    """The picture with transparency: nothing in the topmost rows, all of it below."""
    alpha = np.full(image.shape[:2], 255, np.uint8)
    alpha[:20] = 0
    return np.dstack([image, alpha])


def holed(image: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros_like(image[:20]), image[20:]])


def same(image: np.ndarray) -> np.ndarray:
    return image


# name of the clip, how it is drawn, what of it is stored, and what should be seen
CLIPS: dict[str, tuple[str, dict[str, Any], Any, Callable[[np.ndarray], np.ndarray]]] = {
    "plain": ("clip.mp4", {}, None, same),
    "wrong suffix": ("clip.avi", {"named": "clip.mp4"}, None, same),
    "name": ("Anna é 日本 [1] 100%.mp4", {}, None, same),
    "turned": ("clip.mp4", {"rotation": 90}, lambda image: np.rot90(image, -1), same),
    "upside down": ("clip.mov", {"rotation": 180}, lambda image: np.rot90(image, 2), same),
    "uneven": ("clip.mp4", {"timebase": Fraction(1, 1000), "ticks": [0, 33, 90, 400]}, None, same),
    "late": ("clip.mp4", {"ticks": [75, 76, 77, 78]}, None, same),
    "odd size": (
        "clip.mkv",
        {"pixel_format": "yuv444p"},
        lambda image: np.ascontiguousarray(image[:253, :251]),
        lambda image: image[:253, :251],
    ),
    "squeezed": ("clip.mp4", {"aspect": Fraction(2)}, half_wide, same),
    "grey": ("clip.mkv", {"pixel_format": "gray"}, None, grey),
    "ten bits": ("clip.mkv", {"pixel_format": "yuv420p10le"}, None, same),
    "transparent": ("clip.mov", {"codec": "png", "pixel_format": "rgba"}, with_hole, holed),
    "transparent vp9": (
        "clip.webm",
        {"codec": "libvpx-vp9", "pixel_format": "yuva420p", "options": {"crf": "4", "b": "0"}},
        with_hole,
        holed,
    ),
    "longer sound": ("clip.mp4", {"sound": "aac", "sound_seconds": 1.5}, None, same),
    "opus": ("clip.webm", {"codec": "libvpx-vp9", "sound": "libopus"}, None, same),
}


@pytest.mark.parametrize("kind", CLIPS)
def test_a_film_of_own_faces_is_the_clip(tmp_path: Path, kind: str) -> None:
    name, how, change, seen = CLIPS[kind]
    how = dict(how)
    path = tmp_path / how.pop("named", name)
    drawn(path, change, **how)
    clip = path.rename(tmp_path / name)
    assert through(clip) == [0] * 5
    faces = read(tmp_path / "made/faces.parquet", Face)
    assert [face.frame for face in faces] == list(range(COUNT))
    truth = [seen(image) for image in actor()]
    film = tmp_path / "made/film.mp4"
    height, width = truth[0].shape[:2]
    for picture, image in zip(pictures(film), truth, strict=True):
        assert psnr(picture.image[:height, :width], image) > 28
    assert shown(film) == (
        [Fraction(at) * how.get("timebase", Fraction(1, 25)) for at in ticks(how)],
        (width + width % 2, height + height % 2),
    )
    if "sound" in how:
        assert sounding(film) == pytest.approx(how.get("sound_seconds", 1.0), abs=0.06)


def ticks(how: dict[str, Any]) -> list[int]:
    return how.get("ticks", list(range(COUNT)))


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.square(one.astype(float) - other).mean()))


def shown(film: Path) -> tuple[list[Fraction], tuple[int, int]]:
    """When its pictures are shown, and their size, as PyAV has it."""
    with av.open(str(film)) as container:
        frames = list(container.decode(video=0))
    times = [frame.pts * frame.time_base for frame in frames]
    return times, (frames[0].width, frames[0].height)


def sounding(film: Path) -> float:
    """Seconds of sound, as PyAV decodes it."""
    with av.open(str(film)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def test_one_frame_is_enough(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", list(actor()[:1]))
    assert through(tmp_path / "clip.mp4") == [0] * 5
    assert len(read(tmp_path / "made/faces.parquet", Face)) == 1
    assert shown(tmp_path / "made/film.mp4") == ([0], (256, 256))


def test_two_people_are_two_tracks_and_both_are_laid_back(tmp_path: Path) -> None:
    pairs = [np.hstack(pair) for pair in zip(actor(), actor("chen"), strict=True)]
    draw_clip(tmp_path / "clip.mp4", pairs)
    assert through(tmp_path / "clip.mp4") == [0] * 5
    faces = read(tmp_path / "made/faces.parquet", Face)
    assert [(face.frame, face.track) for face in faces] == [
        (frame, track) for frame in range(COUNT) for track in (0, 1)
    ]
    left, right = (np.mean([face.points for face in faces if face.track == t], 0) for t in (0, 1))
    assert left[:, 0].max() < 256 < right[:, 0].min()
    film = [picture.image for picture in pictures(tmp_path / "made/film.mp4")]
    assert min(psnr(new, old) for new, old in zip(film, pairs, strict=True)) > 35


def test_a_picture_is_a_clip_too(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "face.png"), actor()[0][..., ::-1])
    assert through(tmp_path / "face.png") == [0] * 5
    assert len(list(pictures(tmp_path / "made/film.mp4"))) == 1


def test_a_film_that_was_cut_off_is_made_as_far_as_it_goes(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    draw_clip(clip, [*actor()] * 6, muxing={"movflags": "+faststart"})
    cut(clip, 0.5)
    assert through(clip) == [0] * 5
    frames = read(tmp_path / "made/frames.parquet", Frame)
    assert 4 <= len(frames) < 24
    assert len(list(pictures(tmp_path / "made/film.mp4"))) == len(frames)


def nothing(path: Path) -> None: ...


def empty(path: Path) -> None:
    path.touch()


def words(path: Path) -> None:
    path.write_text("Anna walks, take two.\n")


def beginning(path: Path) -> None:
    draw_clip(path, list(actor()))
    cut(path, 0.6)


def folder(path: Path) -> None:
    draw_pictures(path, ["1.png", "2.png"])
    draw_pictures(path, ["3.png"], (32, 32))


@pytest.mark.parametrize(
    ("make", "because"),
    [
        (nothing, "there is no such file; check the name"),
        (empty, "an empty file; copy it again"),
        (words, "a text file, not a video; name a video file"),
        (beginning, "cut off or damaged: the index of its pictures is missing; copy it again"),
        (folder, "32x32 pixels, where the first picture has 64x48; bring all pictures"),
    ],
)
def test_what_is_no_clip_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None], because: str
) -> None:
    clip = tmp_path / "clip.mp4"
    make(clip)
    assert through(clip, "extract") == [2]
    said = capsys.readouterr().err
    assert said.startswith(f"extract: {clip}") and because in said
    assert said.count("\n") == 1
    assert not any((tmp_path / "made").glob("*"))


@pytest.mark.parametrize("size", [(16, 16), (1, 1), (320, 240), (600, 2)])
def test_where_nobody_is_crop_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], size: tuple[int, int]
) -> None:
    clip = tmp_path / "clip.mkv"
    draw_clip(clip, scenes(3, size), codec="ffv1", pixel_format="bgr0")
    assert through(clip, "extract", "detect", "track", "crop") == [0, 0, 0, 2]
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"crop: {clip}: no face in any frame; ")
    assert not (tmp_path / "made/faces.parquet").exists()


def test_weights_that_are_none_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, other = tmp_path / "clip.mp4", tmp_path / TASK.name
    draw_clip(clip, list(actor()[:1]))
    other.write_bytes(b"something else")
    monkeypatch.setitem(globals(), "TASK", other)
    assert through(clip, "extract", "detect") == [0, 2]
    assert f"detect: {other}: not Google's face_landmarker.task" in capsys.readouterr().err
    assert not (tmp_path / "made/detections.parquet").exists()
