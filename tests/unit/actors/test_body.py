"""Bodies: turned, centred, expressive, and joined to twins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import studio, with_package
from faceloom.actors import casting
from faceloom.actors.body import EYES_AT, SKIN, angles, held, skinned, turn
from faceloom.actors.figure import Figure
from faceloom.actors.person import Person
from faceloom.actors.twin import onto
from faceloom.rows.acted import UNITS

ANGLE = st.floats(-80, 80)


@given(ANGLE, ANGLE, ANGLE)
def test_angles_are_what_was_turned_by(yaw: float, pitch: float, roll: float) -> None:
    np.testing.assert_allclose(angles(turn(yaw, pitch, roll)), (yaw, pitch, roll), atol=1e-6)


def test_positive_yaw_is_to_the_right_pitch_down_and_roll_to_the_right() -> None:
    ahead, up = np.array([0, 0, 1.0]), np.array([0, 1.0, 0])
    assert (turn(20, 0, 0) @ ahead)[0] > 0
    assert (turn(0, 20, 0) @ ahead)[1] < 0
    assert (turn(0, 0, 20) @ up)[0] > 0


def test_a_similarity_is_found_again() -> None:
    draws = np.random.default_rng(3)
    shape = draws.normal(size=(40, 3))
    moved = 1.3 * shape @ turn(10, -20, 30).T + [1, 2, 3]
    np.testing.assert_allclose(onto(shape, moved, draws.uniform(0.1, 1, 40))(shape), moved)


@with_package
def test_everybodys_eyes_are_at_one_place_and_nobody_is_alike() -> None:
    body = studio().body
    shapes = [body.shaped(casting.somebody(np.random.default_rng(seed))) for seed in range(4)]
    for shape in shapes:
        np.testing.assert_allclose((body.eye(shape, "l") + body.eye(shape, "r")) / 2, EYES_AT)
    for one, other in zip(shapes, shapes[1:], strict=False):
        assert np.abs(one - other)[:SKIN].max() > 0.05


@with_package
@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_moves_the_face_and_nothing_below(unit: str) -> None:
    body = studio().body
    rest = body.shaped(Person())
    moved = np.linalg.norm(body.express(rest, {unit: 1.0}) - rest, axis=1)
    assert moved.max() > 0.01 or unit.startswith("eyeLook")
    assert moved[rest[:, 1] < 6].max() < 0.05


@with_package
def test_a_head_turns_as_it_is_asked_and_the_trunk_stays() -> None:
    body = studio().body
    rest = body.shaped(Person())
    bones = held(body, rest, (30, 0, 0), (0, 0, 0))
    assert angles(bones[3, :3, :3])[0] == pytest.approx(30, abs=0.1)
    moved = skinned(rest, body.weights, bones)
    trunk = body.weights.sum(1) < 1e-9
    np.testing.assert_allclose(moved[trunk], rest[trunk])


@with_package
def test_a_twin_is_the_host_outside_the_mask_and_the_donor_inside() -> None:
    host, donor = (casting.somebody(np.random.default_rng(seed)) for seed in (1, 2))
    units = {"jawOpen": 0.5, "mouthSmileLeft": 1.0}
    twin, alone = (Figure(studio(), host, each, "match").at(units) for each in (donor, None))
    share = studio().share
    np.testing.assert_array_equal(twin[share == 0], alone[share == 0])
    laid = Figure(studio(), host, donor, "match")
    there = laid.lay(studio().body.express(laid.face_shape, units))
    np.testing.assert_allclose(twin[share == 1], there[share == 1])
    assert 0.02 < np.mean(share[:SKIN] > 0.5) < 0.5
