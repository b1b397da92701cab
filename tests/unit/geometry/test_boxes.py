import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from faceloom.geometry import boxes

boxes_of_cells = st.tuples(*[st.integers(0, 12)] * 4).map(lambda box: np.array(box, float))


@given(boxes_of_cells, boxes_of_cells)
def test_overlap_counts_unit_squares(one: np.ndarray, two: np.ndarray) -> None:
    cells = [
        {(x, y) for x in range(int(b[0]), int(b[2])) for y in range(int(b[1]), int(b[3]))}
        for b in (one, two)
    ]
    united = len(cells[0] | cells[1])
    expected = len(cells[0] & cells[1]) / united if united else 0.0
    assert np.isclose(boxes.overlap(one, two), expected)


def test_overlaps_is_overlap_of_each_pair() -> None:
    rng = np.random.default_rng(1)
    ones, twos = np.sort(rng.random((3, 2, 2)), axis=1), np.sort(rng.random((4, 2, 2)), axis=1)
    table = boxes.overlaps(ones.reshape(3, 4), twos.reshape(4, 4))
    assert table.shape == (3, 4)
    assert np.isclose(table[2, 1], boxes.overlap(ones[2].ravel(), twos[1].ravel()))
    assert boxes.overlaps(np.zeros((0, 4)), twos.reshape(4, 4)).shape == (0, 4)


def test_enclosing_grown_and_centre() -> None:
    box = boxes.enclosing(np.array([[3.0, 1], [1, 5], [2, 2]]))
    assert box.tolist() == [1, 1, 3, 5]
    assert boxes.centre(box).tolist() == [2, 3]
    assert boxes.grown(box, 2).tolist() == [0, -1, 4, 7]
