"""Rendered faces varied: what the labels say stays true, and the same draws give the same."""

import json
from pathlib import Path

import numpy as np
import pytest

from faceloom.geometry.landmarks import aligned
from faceloom.media import pictures
from faceloom.networks.face_parser import COVERAGE, SIZE
from faceloom.pixels.parsing import LABELS
from faceloom.pixels.warps import cut
from faceloom.training.parsing import Example, Variation, batch, taken, varied

DEMO = Path(__file__).parents[3] / "data/demo"
STILL = Variation(
    rotation=0, zoom=0, shift=0, occluders=0, backdrop=0, recolour=0, damage=0
)  # but for light and mirroring
OCCLUDER, SKIN = LABELS.index("occluder"), LABELS.index("skin")


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    told = json.loads((DEMO / "boris.json").read_text())["per_frame"]
    with np.load(DEMO / "boris.npz") as arrays:
        labels, faces = arrays["seg"], arrays["swap"]
    found = []
    for picture in pictures(DEMO / "boris.mp4"):
        if picture.frame >= 3:
            break
        points = np.array(told[picture.frame]["lm68"]) - 0.5
        face = faces[picture.frame].astype(np.float32)
        found.append(Example(np.asarray(picture.image), labels[picture.frame], face, points))
    return found


def test_the_same_draws_give_the_same(examples: list[Example]) -> None:
    one, two = (batch(examples, 4, Variation(), np.random.default_rng(3)) for _ in range(2))
    assert (one.pictures == two.pictures).all()
    assert (one.labels == two.labels).all()
    assert (one.face == two.face).all()
    assert one.pictures.shape == (4, 3, SIZE, SIZE)
    assert one.pictures.abs().max() <= 1
    assert one.face.min() >= 0 and one.face.max() <= 1


def test_unmoved_it_is_the_crop(examples: list[Example]) -> None:
    image, labels, face = varied(examples, 0, STILL, np.random.default_rng(1))
    matrix = aligned(examples[0].points, SIZE, COVERAGE)
    crop = cut(examples[0].image, matrix, SIZE)
    alike = [
        np.corrcoef(image.reshape(-1), np.ascontiguousarray(each).reshape(-1))[0, 1]
        for each in (crop, crop[:, ::-1])
    ]
    assert max(alike) > 0.9 > min(alike)
    assert (labels == OCCLUDER).sum() == 0
    inside = labels[face > 0.9]
    assert np.isin(inside, [SKIN, LABELS.index("eyes"), LABELS.index("mouth")]).mean() > 0.97


def test_what_is_covered_is_no_face(examples: list[Example]) -> None:
    options = Variation(rotation=0, zoom=0, shift=0, occluders=0.95, backdrop=0, recolour=0)
    hidden = 0
    for seed in range(12):
        _, labels, face = varied(examples, seed % 3, options, np.random.default_rng(seed))
        assert (face[labels == OCCLUDER] <= 0.51).all()
        hidden += int((labels == OCCLUDER).any())
    assert hidden >= 9


def test_an_occluder_is_taken_from_another_picture(examples: list[Example]) -> None:
    random = np.random.default_rng(0)
    assert taken(examples, random) is None
    labels = examples[0].labels.copy()
    labels[100:150, 100:150] = OCCLUDER
    image, where = taken([Example(examples[0].image, labels, examples[0].face, examples[0].points)],
                         random) or pytest.fail("none was taken")  # fmt: skip
    assert image.shape == (SIZE, SIZE, 3)
    assert 0.02 < where.mean() < 0.9
