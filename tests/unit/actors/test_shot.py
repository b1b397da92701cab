"""Shots: drawn by a seed, seen by a camera, told in labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import studio, with_package
from faceloom.actors import casting
from faceloom.actors.camera import LOOKED_AT, Camera, towards
from faceloom.actors.figure import Figure
from faceloom.actors.light import COURSES, SET_UPS, Lamps
from faceloom.actors.motion import FACES, SOUNDS, Script, spread
from faceloom.actors.scenery import SCENERY, backdrop
from faceloom.actors.sensor import developed
from faceloom.actors.shot import Shot, Take
from faceloom.rows.acted import UNITS
from faceloom.settings.actors import Actors

SEEDS = st.integers(0, 10_000)


def test_what_a_camera_looks_at_is_in_the_middle() -> None:
    position = (3.0, 9.0, 14.0)
    yaw, pitch = towards(position, LOOKED_AT)
    camera = Camera(position, (yaw, pitch, 7.0), 0.12)
    np.testing.assert_allclose(camera.seen(LOOKED_AT[None], 256), [[127.5, 127.5]], atol=1e-9)


def test_right_in_the_world_is_right_in_the_picture_and_up_is_up() -> None:
    camera = Camera((0.0, 8.05, 15.0), (0, 0, 0), 0.12)
    ((x, _), (_, y)) = camera.seen(LOOKED_AT + [[1, 0, 0], [0, 1, 0]], 256)
    assert x > 127.5
    assert y < 127.5


def test_the_edge_of_the_view_is_half_a_pixel_outside() -> None:
    camera = Camera((0.0, 0.0, 10.0), (0, 0, 0), 0.2)
    np.testing.assert_allclose(camera.seen(np.array([[-2.0, 2.0, 0]]), 100), [[-0.5, -0.5]])


@settings(max_examples=20)
@given(SEEDS)
def test_scripts_stay_within_what_heads_and_faces_do(seed: int) -> None:
    script = Script(np.random.default_rng(seed), 4)
    for time in np.linspace(0, 4, 21):
        moment = script.at(time)
        yaw, pitch, roll = map(abs, moment.pose)
        assert yaw < 45
        assert pitch < 20
        assert roll < 15
        assert set(moment.units) <= set(UNITS)
        assert all(0 < weight <= 1 for weight in moment.units.values())


def test_every_face_and_sound_is_made_of_units() -> None:
    for face in (*FACES.values(), *SOUNDS):
        assert set(spread(face)) <= set(UNITS)


def test_people_blink_now_and_then() -> None:
    script = Script(np.random.default_rng(0), 20)
    closed = [script.at(t).units.get("eyeBlinkLeft", 0) for t in np.arange(0, 20, 0.04)]
    assert 3 <= np.sum(np.diff(np.array(closed) > 0.9) > 0) <= 15


@pytest.mark.parametrize("course", COURSES)
def test_lamps_change_as_they_are_told(course: str) -> None:
    lamps = Lamps(np.random.default_rng(1), "studio", course, 4)
    seen = {lamps.at(time) for time in np.arange(0, 4, 0.1)}
    assert (len(seen) == 1) == (course == "steady")
    assert all(0 < light.key <= 1 for light in seen)


@pytest.mark.parametrize("name", SCENERY)
def test_backgrounds_are_drawn_by_their_seed(name: str) -> None:
    one, again, other = (backdrop(name, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one.astype(int) - other).mean() > 1
    assert one.std() > 3


def test_noise_is_the_same_for_a_clip_and_its_twin() -> None:
    light = np.random.default_rng(0).uniform(0, 1, (16, 16, 3)).astype(np.float16)
    one, again = (developed(light, 0.5, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    clean = developed(light, 0, np.random.default_rng(4)).astype(int)
    assert 1 < np.abs(one - clean).mean() < 8


@given(SEEDS)
def test_anybody_drawn_can_be(seed: int) -> None:
    person = casting.somebody(np.random.default_rng(seed))
    assert person == casting.somebody(np.random.default_rng(seed))
    assert person.targets()
    without = casting.somebody(np.random.default_rng(seed), glasses=False)
    assert without == person.model_copy(update={"glasses": None})


def test_what_is_settled_changes_nothing_else() -> None:
    free, settled = (Shot(Actors(light=light), 3, 5) for light in ("any", "sun"))
    assert settled.drawn.light == "sun"
    assert free.drawn.scenery == settled.drawn.scenery
    assert free.script.at(0.5) == settled.script.at(0.5)
    assert set(SET_UPS) >= {free.drawn.light}


@with_package
def test_landmarks_lie_on_the_face_and_turn_with_it() -> None:
    told = Actors(size=128, distance=15, move="still")
    figure = Figure(studio(), casting.somebody(np.random.default_rng(1)), None, "match")
    take = Take(Shot(told, 2, 3), figure)
    row = take.row(0)
    points = np.array(row.landmarks).reshape(68, 2)
    assert points.min() > 0
    assert points.max() < 127
    assert points[36:42, 0].mean() < points[42:48, 0].mean()  # the right eye is at the left
    assert points[8, 1] > points[33, 1] > points[27, 1]
    moves = take.moves(0)
    assert moves["skin"].shape[0] == 1
    assert {piece.name for piece in take.pieces} <= set(moves)
