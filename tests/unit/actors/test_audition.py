"""What is wrong with a portrait is told; what is right is not."""

import numpy as np
import pytest

from faceloom.actors.audition import faults, unlike
from faceloom.actors.labels import EYES, HAIR, MOUTH, SKIN

POINTS = np.zeros((68, 2), np.float32)
POINTS[36:42] = [[40, 50], [44, 46], [50, 46], [54, 50], [50, 54], [44, 54]]
POINTS[42:48] = POINTS[36:42] + [40, 0]
POINTS[48:60] = np.stack([np.linspace(50, 80, 12), np.r_[np.full(6, 95), np.full(6, 105)]], -1)


def seg() -> np.ndarray:
    made = np.full((128, 128), SKIN, np.uint8)
    made[46:55, 40:55] = made[46:55, 80:95] = EYES
    return made


def grey() -> np.ndarray:
    return np.full((128, 128, 3), 90, np.uint8)


def test_a_wall_is_nobody() -> None:
    assert faults(grey(), seg(), POINTS) == ["0 faces found"]


@pytest.mark.parametrize(
    ("place", "label", "word"),
    [
        ((slice(40, 52), slice(30, 120)), HAIR, "hair over the eyes"),
        ((slice(40, 60), slice(30, 120)), SKIN, "eyes not to be seen"),
        ((slice(118, 122), slice(60, 64)), MOUTH, "a tongue or teeth through the skin"),
    ],
)
def test_faults_are_told(place: tuple[slice, slice], label: int, word: str) -> None:
    marked = seg()
    marked[place] = label
    assert word in faults(grey(), marked, POINTS)


def test_a_burnt_skin_is_a_fault() -> None:
    assert "skin too bright" in faults(np.full_like(grey(), 255), seg(), POINTS)


def test_donors_are_held_against_their_hosts() -> None:
    host, donor = np.zeros(128), np.full(128, 0.1)
    assert unlike(host, donor, 0.9 * donor) == []
    assert unlike(host, donor, 0.3 * donor) == ["the twin is nearer to the host"]
    assert unlike(host, 0.1 * donor, 0.1 * donor) == ["host and donor look alike"]
