"""What is carried from frame to frame: less flicker, the same on going on, one track at a time."""

from dataclasses import replace

import numpy as np
import pytest

from faceloom.refiners.carried import Carried, one_after_the_other
from faceloom.refiners.touched import Touched
from faces import shot

FOUND = shot(2)
ALL = np.ones(FOUND.image.shape[:2], np.float32)
FACES = [
    Touched(t, n, FOUND.image, FOUND.image, ALL, FOUND.points) for n in range(6) for t in (0, 1)
]


def noisy(faces: list[Touched], _: list[Carried | None]) -> list[np.ndarray]:
    """Each face with noise of its own, brighter on track 1."""
    made = []
    for face in faces:
        drawn = np.random.default_rng(face.frame + 100 * face.track)
        noise = drawn.normal(20 * face.track, 8, face.image.shape)
        made.append(np.clip(face.image + noise, 0, 255).astype(np.uint8))
    return made


def changes(faces: list[Touched], steady: float, batch: int = 1) -> np.ndarray:
    made = one_after_the_other(iter(faces), noisy, steady=steady, batch=batch)
    return np.stack([face.image.astype(float) - FOUND.image for face in made])


def test_without_steadiness_each_is_for_itself() -> None:
    for batch in (1, 4):
        made = changes(FACES, 0, batch)
        wanted = [noisy([face], [None])[0].astype(float) - face.image for face in FACES]
        assert np.array_equal(made, np.stack(wanted))


def test_a_steady_change_flickers_less() -> None:
    free, steady = changes(FACES, 0)[::2], changes(FACES, 0.8)[::2]
    inner = (slice(None), slice(20, -20), slice(20, -20))
    assert (
        np.abs(np.diff(steady[inner], axis=0)).mean()
        < 0.4 * np.abs(np.diff(free[inner], axis=0)).mean()
    )


def test_tracks_are_apart() -> None:
    made = changes(FACES, 0.8)
    assert abs(made[::2].mean()) < 4
    assert made[1::2].mean() > 10


@pytest.mark.parametrize("steady", [0.0, 0.7])
def test_what_is_done_is_taken_and_the_rest_is_the_same(steady: float) -> None:
    whole = list(one_after_the_other(iter(FACES), noisy, steady=steady))
    seen: list[int] = []

    def counted(faces: list[Touched], guesses: list[Carried | None]) -> list[np.ndarray]:
        seen.extend(face.frame for face in faces)
        return noisy(faces, guesses)

    begun = [
        replace(face, done=made.image) if n < 5 else face
        for n, (face, made) in enumerate(zip(FACES, whole, strict=True))
    ]
    again = list(one_after_the_other(iter(begun), counted, steady=steady))
    assert seen == [face.frame for face in FACES[5:]]
    for one, other in zip(whole, again, strict=True):
        assert np.array_equal(one.image, other.image)
        assert other.done is None
