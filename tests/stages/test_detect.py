"""detect: every face of a frame with landmarks of its own."""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
import pytest

from commands import answered, command, refused
from faceloom.errors import FaceloomError
from faceloom.images import save_picture
from faceloom.media import pictures
from faceloom.rows.detections import Detection
from faceloom.rows.frames import Frame
from faceloom.settings import Detect, Part
from faceloom.stages.detect import detect
from faceloom.tables import read, write

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data/demo"
TASK = ROOT / "resources/weights/face_landmarker.task"
needs_weights = pytest.mark.skipif(not TASK.exists(), reason="the weights are not there")


def actor(name: str, every: int, count: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Some frames of a demo's clip, and their true landmarks."""
    shown = islice(pictures(DEMO / f"{name}.mp4"), 0, every * count, every)
    told = json.loads((DEMO / f"{name}.json").read_text())["per_frame"]
    true = [np.array(told[number * every]["lm68"]) - 0.5 for number in range(count)]
    return [picture.image for picture in shown], true


def clip(
    folder: Path,
    images: list[np.ndarray],
    duplicates: tuple[int, ...] = (),
    scenes: Sequence[int] = (),
) -> None:
    """A clip, and the list of its frames."""
    (folder / "clip").mkdir()
    for number, image in enumerate(images):
        save_picture(folder / f"clip/{number}.png", image)
    rows = (
        Frame(n, n, 1, "1/25", n / 25, 0.04, True, 1.0, scene, n in duplicates)
        for n, scene in zip_longest(range(len(images)), scenes, fillvalue=0)
    )
    write(folder / "frames.parquet", rows, Frame)


def detected(folder: Path) -> list[Detection]:
    out = folder / "faces.parquet"
    detect(folder / "clip", folder / "frames.parquet", (TASK,), out, Detect())
    return read(out, Detection)


def off(face: Detection, true: np.ndarray) -> float:
    """How far the inner landmarks are from the true ones, in shares of the eyes' distance."""
    points = np.array(face.landmarks).reshape(68, 2)
    eyes = np.linalg.norm(true[45] - true[36])
    return float(np.linalg.norm(points[17:] - true[17:], axis=1).mean() / eyes)


@needs_weights
def test_one_face_a_frame_with_its_landmarks(tmp_path: Path) -> None:
    images, true = actor("boris", 12, 3)
    clip(tmp_path, images)
    faces = detected(tmp_path)
    assert [face.frame for face in faces] == [0, 1, 2]
    assert all(off(face, truth) < 0.06 for face, truth in zip(faces, true, strict=True))
    for face in faces:
        left, top, right, bottom = face.box
        middle = np.array(face.landmarks).reshape(68, 2).mean(axis=0)
        assert left < middle[0] < right and top < middle[1] < bottom
        assert face.score > 0


@needs_weights
def test_two_faces_have_each_their_own_landmarks(tmp_path: Path) -> None:
    (boris,), (boris_points,) = actor("boris", 1, 1)
    (chen,), (chen_points,) = actor("chen", 1, 1)
    clip(tmp_path, [np.hstack([boris, chen]), np.hstack([chen, boris])])
    faces = detected(tmp_path)
    assert [face.frame for face in faces] == [0, 0, 1, 1]
    for frame, expected in ((0, (boris_points, chen_points)), (1, (chen_points, boris_points))):
        left, right = sorted((f for f in faces if f.frame == frame), key=lambda f: f.box[0])
        assert left.box[2] < 256 < right.box[0]
        assert off(left, expected[0]) < 0.06
        assert off(right, expected[1] + (256, 0)) < 0.06


@needs_weights
def test_faces_of_a_duplicate_are_those_before_it(tmp_path: Path) -> None:
    (one, two), _ = actor("boris", 24, 2)
    empty = np.full_like(one, 90)
    clip(tmp_path, [one, two, two, empty, one], duplicates=(1, 2, 4))
    faces = detected(tmp_path)
    assert [face.frame for face in faces] == [0, 1, 2]  # nobody in 3, and so in 4
    assert len({(*face.box, face.score, *face.landmarks) for face in faces}) == 1


def test_a_detector_remembers_nothing_beyond_a_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[int]] = []

    def built(part: Part, _: Iterable[Path]) -> Callable[..., object]:
        if part.family == "landmarkers":
            return lambda image, boxes: np.zeros((len(boxes), 68, 2))
        mine: list[int] = []
        seen.append(mine)
        return lambda image: mine.append(int(image[0, 0, 0])) or []

    monkeypatch.setattr("faceloom.stages.detect.build", built)
    images = [np.full((8, 8, 3), shade, np.uint8) for shade in (10, 20, 30, 40, 50)]
    clip(tmp_path, images, duplicates=(1,), scenes=(0, 0, 1, 1, 2))
    assert detected(tmp_path) == []
    assert seen == [[10], [30, 40], [50]]


@needs_weights
@pytest.mark.parametrize("now", [1, 3])
def test_a_clip_that_is_not_the_one_listed_is_told(tmp_path: Path, now: int) -> None:
    grey = np.full((80, 80, 3), 90, np.uint8)
    clip(tmp_path, [grey] * 2)
    (tmp_path / "clip/1.png").unlink()
    for number in range(now):
        save_picture(tmp_path / f"clip/{number}.png", grey)
    with pytest.raises(FaceloomError, match=f"clip: {now} frames now, 2 when it was listed"):
        detected(tmp_path)
    assert not (tmp_path / "faces.parquet").exists()


@needs_weights
def test_as_a_command(tmp_path: Path) -> None:
    clip(tmp_path, actor("chen", 1, 1)[0])
    out = tmp_path / "faces.parquet"
    given = {"clip": tmp_path / "clip", "frames": tmp_path / "frames.parquet"}
    done = command("detect", **given, weights=TASK, detections=out, settings=Detect())
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["detect: 1 faces in 1 frames"]
    assert len(read(out, Detection)) == 1


def test_weights_that_are_not_given_are_asked_for(tmp_path: Path) -> None:
    clip(tmp_path, [np.zeros((8, 8, 3), np.uint8)])
    out = tmp_path / "faces.parquet"
    given = {"clip": tmp_path / "clip", "frames": tmp_path / "frames.parquet"}
    done = answered("detect", **given, weights=(), detections=out, settings=Detect())
    refused(done, "face_landmarker.task: these weights are needed", out)
