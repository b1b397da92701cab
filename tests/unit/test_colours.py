"""How the colours of many faces lie: as if all their pixels were one picture's."""

import numpy as np

from faceloom.colours import as_moments, common, measured
from faceloom.pixels.colour import lab, moved
from faceloom.pixels.masks import hull
from faces import ANNA, EMI, shot

SIZE = (160, 120)
SHOTS = [shot(n, turn=5 * n) for n in range(3)]
FACES = [(each.image, (hull(each.points, SIZE) > 0.5).astype(np.float32)) for each in SHOTS]


def test_many_faces_measure_as_all_their_pixels() -> None:
    alike = [(image, np.ones(image.shape[:2], np.float32)) for image, _ in FACES]
    mean, spread = measured(alike)
    pixels = np.concatenate([lab(image).reshape(-1, 3) for image, _ in FACES]).astype(float)
    assert np.allclose(mean, pixels.mean(axis=0), atol=1e-3)
    assert np.allclose(spread, pixels.std(axis=0), atol=1e-3)


def test_only_what_is_inside_the_mask_counts() -> None:
    mean, _ = measured(FACES[:1])
    spoilt = np.where(FACES[0][1][..., None] > 0, FACES[0][0], 255).astype(np.uint8)
    assert np.allclose(measured([(spoilt, FACES[0][1])])[0], mean)
    assert mean != measured([(spoilt, np.ones_like(FACES[0][1]))])[0]


def test_a_face_without_a_mask_does_not_count() -> None:
    nothing = (FACES[1][0], np.zeros_like(FACES[1][1]))
    assert measured([*FACES, nothing]) == measured(FACES)


def test_common_is_halfway_between_all() -> None:
    people = [
        ([10.0, 0, 4], [1.0, 2, 3]),
        ([20.0, 6, -4], [3.0, 2, 1]),
        ([60.0, 0, 0], [2.0, 2, 2]),
    ]
    assert common(people) == ([30.0, 2, 0], [2.0, 2, 2])


def test_there_and_back_again() -> None:
    pairs = []
    for skin in (ANNA, EMI):
        found = shot(4, skin=skin)
        pairs.append((found.image, hull(found.points, SIZE)))
    own, other = (as_moments(measured([pair])) for pair in pairs)
    image, mask = pairs[0]
    there = moved(image, own, other)
    assert np.abs(lab(there)[mask > 0.9].mean(0) - lab(pairs[1][0])[mask > 0.9].mean(0)).max() < 2
    assert np.abs(moved(there, other, own).astype(int) - image)[mask > 0.9].mean() < 2
