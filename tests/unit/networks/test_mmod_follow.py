"""mmod_follow: what is sought near the last sighting is what a search all over finds."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from faceloom.geometry.boxes import overlap
from faceloom.media import frame_at, pictures
from faceloom.networks.mmod_follow import Follow, lost
from faceloom.networks.mmod_search import Faces, Search

ROOT = Path(__file__).parents[3]
WEIGHTS = ROOT / "resources/weights/mmod_human_face_detector.dat"
needs_weights = pytest.mark.skipif(not WEIGHTS.exists(), reason="weights are not there")


class Counted(Search):
    """Remembers how often it was asked to search all over, and on which levels."""

    def __init__(self, **options: int) -> None:
        super().__init__(WEIGHTS, **options)
        self.asked: list[int] = []

    def __call__(self, images: np.ndarray, finest: int = 0) -> list[Faces]:
        self.asked.append(finest)
        return super().__call__(images, finest)


def portrait(clip: str = "boris", width: int = 256) -> np.ndarray:
    image = np.asarray(frame_at(ROOT / f"data/demo/{clip}.mp4", 0).image)
    return cv2.resize(image, (width, width), interpolation=cv2.INTER_AREA)


def laid(face: np.ndarray, left: int, top: int, size: tuple[int, int] = (420, 300)) -> np.ndarray:
    canvas = np.full((size[1], size[0], 3), 90, np.uint8)
    canvas[top : top + face.shape[0], left : left + face.shape[1]] = face
    return canvas


def same(one: Faces, other: Faces) -> None:
    np.testing.assert_array_equal(one.boxes, other.boxes)
    np.testing.assert_allclose(one.scores, other.scores, atol=0.02)


@needs_weights
@pytest.mark.parametrize("upsample, width", [(0, 256), (1, 110), (2, 66)])
def test_a_still_face_is_found_just_where_it_was(upsample: int, width: int) -> None:
    search = Counted(upsample=upsample)
    follow, image = Follow(search, every=9), laid(portrait(width=width), 17, 9, (190 + width, 270))
    first = follow(image)
    assert len(first.boxes) == 1
    for _ in range(3):
        same(follow(image), first)
    assert search.asked == [0]


@needs_weights
def test_an_actor_is_followed() -> None:
    search, follow = Search(WEIGHTS), Follow(Counted(), every=100)
    for picture in list(pictures(ROOT / "data/demo/chen_learn.mp4"))[20:40]:
        (every,) = search(picture.image[None])
        found = follow(picture.image)
        assert len(found.boxes) == len(every.boxes) == 1
        assert overlap(found.boxes[0], every.boxes[0]) > 0.6
        assert found.scores[0] == pytest.approx(every.scores[0], abs=0.05)
    assert follow.search.asked == [0]


@needs_weights
def test_a_face_that_jumps_is_sought_all_over_at_its_size() -> None:
    search = Counted()
    follow, face = Follow(search, every=9), portrait()
    follow(laid(face, 0, 0))
    found = follow(laid(face, 160, 40))
    assert len(found.boxes) == 1
    assert found.boxes[0][0] > 160
    assert search.asked == [0, 0]
    large = np.repeat(np.repeat(laid(face, 0, 0), 2, axis=0), 2, axis=1)
    follow = Follow(search, every=9)
    (seen,) = follow(large).boxes
    assert seen[2] - seen[0] > 170  # on level 4 or 5: sought down to 1 or 2
    follow(large[:, ::-1])
    assert search.asked[2:] in ([0, 1], [0, 2])


@needs_weights
def test_a_face_that_comes_is_found_within_a_round() -> None:
    follow, face = Follow(Counted(), every=4), portrait(width=200)
    both = laid(face, 0, 0)
    both[60:260, 210:410] = portrait("chen", 200)
    counts = [len(follow(image).boxes) for image in [laid(face, 0, 0)] + [both] * 4]
    assert counts == [1, 1, 1, 1, 2]
    assert follow.search.asked == [0, 0]


@needs_weights
def test_as_long_as_nobody_is_there_all_is_searched() -> None:
    follow = Follow(Counted(), every=9)
    empty = np.full((120, 140, 3), 90, np.uint8)
    for _ in range(3):
        assert not len(follow(empty).boxes)
    assert follow.search.asked == [0, 0, 0]
    assert len(follow(laid(portrait(), 0, 0)).boxes) == 1


@needs_weights
def test_a_face_half_out_of_the_picture() -> None:
    image = laid(portrait(), 0, 0)[30:, 60:]
    follow = Follow(Counted(), every=9)
    same(follow(image), follow(image))
    assert follow.search.asked == [0]


def test_lost() -> None:
    one, other = np.array([[0.0, 0, 10, 10]]), np.array([[50.0, 0, 60, 10]])
    assert lost(one, other)
    assert lost(one, np.empty((0, 4)))
    assert lost(np.vstack([one, other]), one + 1)
    assert not lost(one, np.vstack([other, one + 1]))
