"""What is said of a clip: a face that was filmed well, and everything that can be wrong with it."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from drawn import draw_clip, scenes
from faceloom.errors import FaceloomError
from faceloom.media import pictures
from faceloom.projects.footage import Footage, faceless, footage, remarks

DEMO = Path(__file__).parents[3] / "data/demo/boris.mp4"


@cache
def filmed() -> list[np.ndarray]:
    """Six pictures of a rendered actor, 256 pixels square, the face some 100 high."""
    return [picture.image for picture in pictures(DEMO) if picture.frame % 8 == 0][:6]


def seen(tmp_path: Path, images: list[np.ndarray], **options: object) -> Footage:
    path = tmp_path / "clip.mp4"
    draw_clip(path, images, **options)
    return footage(path)


def words(found: Footage, people: int = 1, use: str = "judge") -> list[str]:
    """The first word or two of every remark."""
    return [word.split(":")[0].split(",")[0] for word in remarks(found, people, use)]


def test_a_good_clip_gives_no_cause_to_speak(tmp_path: Path) -> None:
    found = seen(tmp_path, filmed())
    assert (found.frames, len(found.faces), found.enlarged) == (6, 6, 0)
    assert found.seconds == pytest.approx(6 / 25)
    assert all(90 < look.height < 120 for look in found.looks)
    assert faceless(found) == ""
    assert words(found) == []


def test_to_learn_from_few_frames_is_said(tmp_path: Path) -> None:
    found = seen(tmp_path, filmed())
    assert list(remarks(found, 1, "learn")) == [
        "few frames: 6 (0.2 s); from 250 and more is learnt well"
    ]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda image: np.hstack([image, image]), "several people"),
        (lambda image: image // 5, "too dark"),
        (lambda image: 255 - (255 - image) // 6, "too bright"),
        (lambda image: cv2.GaussianBlur(image, (0, 0), 3), "blurred"),
        (lambda image: cv2.resize(image, (128, 128), interpolation=cv2.INTER_AREA), "very small"),
    ],
)
def test_what_is_wrong_with_the_faces_is_said(tmp_path: Path, spoilt: object, said: str) -> None:
    first, *more = words(seen(tmp_path, [spoilt(image) for image in filmed()]))
    assert first.startswith(said)
    assert more == []


def test_small_faces_are_found_and_their_size_is_told(tmp_path: Path) -> None:
    small = [cv2.resize(image, (128, 128), interpolation=cv2.INTER_AREA) for image in filmed()]
    found = seen(tmp_path, small)
    assert found.enlarged > 0
    assert all(40 < look.height < 80 for look in found.looks)
    (said,) = remarks(found, 1, "judge")
    assert "upsample: 1" in said


def test_two_people_are_two_if_two_are_named(tmp_path: Path) -> None:
    pair = [np.hstack([image, image]) for image in filmed()]
    assert words(seen(tmp_path, pair), people=2) == []
    assert words(seen(tmp_path, filmed()), people=2) == [
        "never 2 faces at once in 6 pictures looked at; are all of them in it?"
    ]


def test_a_face_that_is_gone_for_a_while(tmp_path: Path) -> None:
    images = filmed()[:4] + [np.zeros_like(filmed()[0])] * 2
    assert words(seen(tmp_path, images)) == ["no face in 2 of 6 pictures looked at"]


@pytest.mark.parametrize(("level", "dark"), [(0, True), (1, False)])
def test_nobody_in_it(tmp_path: Path, level: int, dark: bool) -> None:
    found = seen(tmp_path, [image * level for image in scenes(4, (128, 96))])
    assert faceless(found).startswith("no face in any of 4 pictures looked at")
    assert ("all but black" in faceless(found)) == dark


def test_what_is_handled_is_said(tmp_path: Path) -> None:
    turned = [np.rot90(image) for image in filmed()]
    assert words(seen(tmp_path, turned, rotation=-90)) == ["filmed turned by 90°"]
    found = seen(tmp_path, filmed(), rate=25, ticks=[0, 1, 2, 5, 6, 9])
    assert words(found) == ["variable frame rate"]


def test_damage_is_said(tmp_path: Path) -> None:
    found = seen(tmp_path, filmed(), spoil=lambda number, data: b"" if number == 3 else data)
    assert any(word.startswith("damaged") for word in words(found)) or found.frames == 5


def test_no_clip_at_all(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_text("not a film\n")
    with pytest.raises(FaceloomError, match="a text file, not a video"):
        footage(tmp_path / "clip.mp4")


def test_large_pictures_are_looked_at_smaller_and_sizes_are_their_own(tmp_path: Path) -> None:
    large = [cv2.resize(image, (2112, 2112), interpolation=cv2.INTER_CUBIC) for image in filmed()]
    found = seen(tmp_path, large[:1])
    assert (found.facts.width, found.frames) == (2112, 1)
    assert all(750 < look.height < 1200 for look in found.looks)
