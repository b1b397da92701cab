"""Textures over time: averages within a track, and what nobody has seen."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from faceloom.surfaces.steady import Flat, neighbours, steadied

SIDE = 8


def flat(frame: int, track: int = 1, value: float = 0.0, *, blind: slice | None = None) -> Flat:
    seen = torch.ones(1, SIDE, SIDE)
    if blind is not None:
        seen[..., blind] = 0
    texture = torch.full((3, SIDE, SIDE), float(value))
    return Flat(track, frame, texture, seen, torch.full((2, 3), float(value)))


def test_without_a_spread_each_stays_alone() -> None:
    for n, made in enumerate(steadied([flat(n, value=n * n) for n in range(6)], 0, 0)):
        assert torch.allclose(made.texture, torch.tensor(float(n * n)))
        assert torch.allclose(made.offset, torch.tensor(float(n * n)))


def test_an_average_is_a_gaussian_over_frames() -> None:
    values = np.random.default_rng(5).uniform(0, 9, 9)
    made = list(steadied([flat(n, value=v) for n, v in enumerate(values)], 1.5, 0.5))
    for spread, found in ((1.5, made[4].texture), (0.5, made[4].offset)):
        away = np.arange(9) - 4.0
        weights = np.exp(-0.5 * (away / spread) ** 2) * (abs(away) <= 2 * spread)
        wanted = (weights * values).sum() / weights.sum()
        assert torch.allclose(found, torch.tensor(wanted, dtype=torch.float32), atol=1e-5)


def test_tracks_do_not_mix_and_come_in_order() -> None:
    flats = [flat(n, track, 100 * track) for n in range(5) for track in (1, 2)]
    made = list(steadied(flats, 2, 3))
    assert [(each.frame, each.track) for each in made] == [(f.frame, f.track) for f in flats]
    assert all(torch.allclose(m.texture, f.texture) for m, f in zip(made, flats, strict=True))


def test_what_is_blind_is_filled_from_another_frame() -> None:
    made = list(steadied([flat(0, value=5), flat(30, value=9, blind=slice(0, 4))], 1, 1))
    assert torch.allclose(made[1].texture[..., :4], torch.tensor(5.0))
    assert torch.allclose(made[1].texture[..., 4:], torch.tensor(9.0))


def test_what_nobody_has_seen_is_filled_from_the_other_side() -> None:
    one = flat(0, blind=slice(0, 3))
    one.texture[:] = torch.arange(8.0)
    (made,) = steadied([one], 0, 0)
    assert made.texture[0, 0].tolist() == [7, 6, 5, 3, 4, 5, 6, 7]
    assert (made.seen == 1).all()


def test_what_neither_side_has_seen_stays_unseen() -> None:
    (made,) = steadied([flat(0, value=4, blind=slice(2, 6))], 1, 1)
    assert made.seen[0, 0].tolist() == [1, 1, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("reach", [0, 3])
def test_no_more_is_held_than_is_needed(reach: int) -> None:
    taken = 0

    def counted() -> Iterator[Flat]:
        nonlocal taken
        for n in range(50):
            taken += 1
            yield flat(n)

    first, near = next(neighbours(counted(), reach))
    assert (first.frame, len(near), taken) == (0, reach + 1, reach + 2)
