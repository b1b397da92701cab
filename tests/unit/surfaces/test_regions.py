"""Regions of a mesh: how far they reach, on a grid that can be counted by hand."""

import numpy as np

from faceloom.surfaces.regions import reached, region, rim

SIDE = 7
CELLS = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
LOWER = np.stack([CELLS[:-1, :-1], CELLS[1:, :-1], CELLS[1:, 1:]], axis=-1).reshape(-1, 3)
UPPER = np.stack([CELLS[:-1, :-1], CELLS[1:, 1:], CELLS[:-1, 1:]], axis=-1).reshape(-1, 3)
GRID = np.concatenate([LOWER, UPPER])


def test_the_rim_is_the_outermost_vertices() -> None:
    inner = CELLS[1:-1, 1:-1].ravel()
    assert set(rim(GRID)) == set(range(SIDE * SIDE)) - set(inner)


def test_steps_are_counted_along_edges() -> None:
    steps = reached(np.array([0]), GRID, SIDE * SIDE).reshape(SIDE, SIDE)
    rows, columns = np.indices((SIDE, SIDE))
    assert np.array_equal(steps, np.maximum(rows, columns))  # a diagonal runs down to the right


def test_a_face_fades_towards_its_rim() -> None:
    weights = region(None, GRID, SIDE * SIDE).reshape(SIDE, SIDE)
    assert not weights[0].any()
    assert (weights[1, 1:-1] == 0.5).all()
    assert (weights[2:-2, 2:-2] == 1).all()


def test_a_part_fades_outwards_and_ends_before_the_rim() -> None:
    weights = region([CELLS[3, 3]], GRID, SIDE * SIDE).reshape(SIDE, SIDE)
    assert (weights[3, 1:6] == [0.25, 1, 1, 1, 0.25]).all()
    assert not weights[0].any()


def test_a_finer_mesh_fades_over_more_rings() -> None:
    weights = region(None, GRID, SIDE * SIDE, finer=1.5).reshape(SIDE, SIDE)
    assert np.allclose(weights[3, :4], [0, 1 / 3, 2 / 3, 1])
