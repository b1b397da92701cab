"""Glasses sit before the eyes; hands and microphones come and go without touching the face."""

import numpy as np
import pytest

from actors import studio, with_package
from faceloom.actors import casting
from faceloom.actors.body import SKIN, held
from faceloom.actors.glasses import SHAPES, glasses
from faceloom.actors.labels import GLASSES, OCCLUDER
from faceloom.actors.occluders import hand, microphone
from faceloom.actors.paint import creased
from faceloom.actors.person import Glasses
from faceloom.actors.pieces import Held
from faceloom.actors.tubes import tube, turned

STRAIGHT = (0.0, 0.0, 0.0)


def test_a_tube_is_as_thick_as_it_is_told() -> None:
    line = np.stack([np.linspace(0, 1, 5), np.zeros(5), np.zeros(5)], -1)
    points, faces = tube(line, 0.1)
    np.testing.assert_allclose(np.hypot(points[:, 1], points[:, 2]), 0.1)
    assert len(faces) == 4 * 8
    assert max(map(max, faces)) < len(points)


def test_what_is_turned_has_its_profile() -> None:
    points, _ = turned(np.array([[0.5, 0.0], [0.2, 1.0]]), 6)
    np.testing.assert_allclose(np.hypot(points[:, 0], points[:, 2])[:6], 0.5)
    assert set(points[:, 1]) == {0.0, 1.0}


@with_package
@pytest.mark.parametrize("style", SHAPES)
def test_glasses_are_before_the_eyes_and_touch_no_skin(style: str) -> None:
    body = studio().body
    rest = body.shaped(casting.somebody(np.random.default_rng(5)))
    frame, lenses = glasses(Glasses(style=style), body, rest)
    assert frame.label == lenses.label == GLASSES
    bones = held(body, rest, STRAIGHT, STRAIGHT)
    points = lenses.at(Held(rest, bones, (0, 0), 0))
    for side, sign in (("l", 1), ("r", -1)):
        eye, mine = body.eye(rest, side), points[points[:, 0] * sign > 0]
        low, high = mine.min(0), mine.max(0)
        assert (low[:2] < eye[:2]).all()
        assert (eye[:2] < high[:2]).all()
        around = rest[:SKIN]
        inside = ((around[:, :2] > low[:2] + 0.03) & (around[:, :2] < high[:2] - 0.03)).all(1)
        inside &= (np.abs(around[:, 0]) > 0.13) & (around[:, 2] > 0.8)
        assert around[inside, 2].max() < low[2] + 0.12


@with_package
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["hand", "microphone"])
def test_occluders_pass_and_never_touch_the_face(kind: str, seed: int) -> None:
    body = studio().body
    rest = body.shaped(casting.somebody(np.random.default_rng(seed)))
    draws = np.random.default_rng(seed)
    seconds = 2.0
    if kind == "hand":
        pieces = hand(draws, seconds, body, rest, "skin.png")
    else:
        pieces = microphone(draws, seconds)
    bones = held(body, rest, STRAIGHT, STRAIGHT)
    tops = []
    for time in np.linspace(0, seconds, 21):
        points = np.concatenate([p.at(Held(rest, bones, (0, 0), time)) for p in pieces])
        tops.append(points[:, 1].max())
        before = points[(np.abs(points[:, 0]) < 0.3) & (points[:, 1] > 7.3)]
        assert not len(before) or before[:, 2].min() > 1.6
    assert {piece.label for piece in pieces} == {OCCLUDER}
    assert max(tops) > 7.2
    assert max(tops) - min(tops) > 0.8


def test_wrinkles_deepen_with_what_the_face_does_and_with_age() -> None:
    calm, raised = creased({}, 0.2), creased({"browInnerUp": 1.0}, 0.2)
    assert raised[0] > calm[0]
    assert raised[1:] == calm[1:]
    assert creased({}, 0.9) > calm
