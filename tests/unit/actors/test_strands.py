"""Hair grows where it should, stays outside the skin and goes with it."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from actors import studio, with_package
from faceloom.actors.body import held
from faceloom.actors.figure import Figure
from faceloom.actors.person import Beard, Person
from faceloom.actors.pieces import Held
from faceloom.actors.strands import BEARDS, STYLES, Skull, axes, bearded, hair, local, scalp

pytestmark = with_package
BROW = 8.45  # dm, above the brows of everybody: eyes are at 8.22


@cache
def rest() -> np.ndarray:
    return studio().body.shaped(Person())


@cache
def skull() -> Skull:
    return Skull(studio().body, rest())


def test_the_scalp_is_above_the_face_and_never_on_ears() -> None:
    ground = studio().ground
    ones = np.ones(len(ground.places))
    triangles, shares = ground.roots(rest(), scalp(0, True), ones, 3000, np.random.default_rng(0))
    here = (ground.places[triangles] * shares[..., None]).sum(1)
    ahead = here[(here[:, 2] > 1.0) & (np.abs(here[:, 0]) < 0.5)]
    assert ahead[:, 1].min() > 8.8
    assert not np.isin(triangles, ground.ears).any()
    assert len(here) > 1500


@pytest.mark.parametrize("style", BEARDS)
def test_beards_leave_lips_and_eyes_free(style: str) -> None:
    body = studio().body
    grows = bearded(style)(studio().ground.places)[:13380] > 0.1
    places = studio().ground.places[:13380][grows]
    assert grows.sum() > 20
    assert places[:, 1].max() < 8.2
    lips = (np.abs(places[:, 0]) < 0.2) & (np.abs(places[:, 1] - 7.535) < 0.07)
    assert not lips.any()
    assert body.weights[:13380, 3].max() == 1


@pytest.mark.parametrize("style", BEARDS)
def test_a_twin_has_of_a_hosts_beard_what_is_outside_the_mask(style: Any) -> None:
    shaven, worn = Person(), Person(beard=Beard(style=style))
    assert [each.name for each in Figure(studio(), worn, None, "match").beards()] == ["beard"]
    outside = [each.name for each in Figure(studio(), worn, shaven, "match").beards()]
    assert outside == ([] if style == "moustache" else ["beard"])  # lips are inside
    assert [each.name for each in Figure(studio(), shaven, worn, "match").beards()] == ["new_beard"]


@pytest.mark.parametrize("style", STYLES)
def test_no_style_covers_the_eyes_or_grows_inwards(style: str) -> None:
    body = studio().body
    at_rest = rest()
    told = STYLES[style]
    piece = hair(told, (0.1, 0.1, 0.1), body, studio().ground, at_rest, np.random.default_rng(1))
    bones = held(body, at_rest, (0, 0, 0), (0, 0, 0))
    points = piece.at(Held(at_rest, bones, (0, 0), 0))
    sizes = piece.arrays["sizes"]
    assert len(points) == sizes.sum()
    # Straight ahead of an eye there is nothing but a stray hair.
    before = (np.abs(np.abs(points[:, 0]) - 0.31) < 0.13) & (points[:, 2] > 1.2)
    before &= np.abs(points[:, 1] - 8.22) < 0.12
    assert before.sum() < 0.002 * len(points)
    away = skull()
    tips = points[np.cumsum(sizes) - 1]
    _, near = away.tree.query(tips)
    out = ((tips - away.middle[near]) * away.normals[near]).sum(1)
    assert np.mean(out < -0.03) < 0.02


def test_strands_turn_with_the_head() -> None:
    body, at_rest = studio().body, rest()
    piece = hair(
        STYLES["buzz"], (0, 0, 0), body, studio().ground, at_rest, np.random.default_rng(1)
    )
    still, turned = (
        piece.at(Held(at_rest, held(body, at_rest, pose, (0, 0, 0)), (0, 0), 0))
        for pose in ((0, 0, 0), (30, 0, 0))
    )
    assert np.linalg.norm(turned - still, axis=1).mean() > 0.2
    lengths = [
        np.linalg.norm(np.diff(each.reshape(len(piece.arrays["sizes"]), -1, 3), axis=1), axis=-1)
        for each in (still, turned)
    ]
    np.testing.assert_allclose(lengths[0], lengths[1], atol=2e-3)


def test_offsets_are_kept_in_the_triangles_own_axes() -> None:
    draws = np.random.default_rng(2)
    corners, points = draws.normal(size=(5, 3, 3)), draws.normal(size=(5, 4, 3))
    back = np.einsum("sij,spi->spj", axes(corners), local(points, corners))
    np.testing.assert_allclose(back, points - points[:, :1], atol=1e-12)
