"""MakeHuman's formats, as its files have them."""

import numpy as np

from faceloom.actors.formats import mesh, morph, worn

SQUARE = """# a square
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
vt 0.25 0.5
vt 1 0
g face
f 1/1 2/2 3/1 4/2
g joint-x
f 1 2 3
"""
WORN = """# clothes
x_scale 0 1 0.5
verts 0
material cloth.mhmat
2
0 1 2 0.5 0.25 0.25 1 2 3
delete_verts
1 3 - 5 8-9
"""


def test_a_mesh_counts_from_nought_and_knows_its_groups() -> None:
    read = mesh(SQUARE)
    assert read.positions.shape == (4, 3)
    assert read.faces == [[0, 1, 2, 3], [0, 1, 2]]
    assert read.corners[0] == [0, 1, 0, 1]
    assert read.members("joint-x").tolist() == [0, 1, 2]


def test_a_target_moves_what_it_names() -> None:
    read = morph("# CC0\n1 0.5 0 -.25\n")
    positions = np.zeros((3, 3))
    read.add(positions, 2)
    np.testing.assert_allclose(positions, [[0, 0, 0], [1, 0, -0.5], [0, 0, 0]])


def test_what_is_worn_hangs_on_the_body_at_its_scale() -> None:
    read = worn(WORN)
    body = np.array([[0.0, 0, 0], [1, 0, 0], [0, 4, 0]])
    assert read.hides.tolist() == [1, 3, 4, 5, 8, 9]
    # The body is twice as wide as where the offset was taken; up and forward nothing is said.
    np.testing.assert_allclose(read.fitted(body), [[0, 4, 0], [0.25 + 2, 1 + 2, 3]])
    np.testing.assert_allclose(read.weights(np.array([[0.0], [1], [1]])), [[1], [0.5]])
