"""Crops are seen as the network was taught to see, and what it says is laid back where it was."""

import numpy as np
import torch

from faceloom.geometry.landmarks import CANONICAL, aligned
from faceloom.geometry.similarity import apply
from faceloom.networks.face_parser import COVERAGE, SIZE, FaceParser, Seen
from faceloom.parsers import Parser, parse
from faceloom.pixels.parsing import LABELS


class Colours(FaceParser):
    """Knows labels by their colours, in place of a network: what is red is hair, else skin."""

    def forward(self, pictures: torch.Tensor) -> Seen:
        assert pictures.shape[1:] == (3, SIZE, SIZE)
        red = pictures[:, 0]
        labels = torch.full((len(pictures), len(LABELS), SIZE, SIZE), -9.0)
        labels[:, LABELS.index("skin")] = -9 * red
        labels[:, LABELS.index("hair")] = 9 * red
        return Seen(labels, -9 * red)


def test_labels_lie_where_the_colours_were() -> None:
    points = (CANONICAL - 0.5) * 90 + (100, 70)
    image = np.zeros((150, 220, 3), np.uint8)
    image[:60, :, 0] = 255
    (found,) = Parser(Colours()).all([(image, points)])
    view = apply(aligned(points, SIZE, COVERAGE), np.array([[100.0, 59.5]]))[0, 1]
    assert 20 < view < 108  # the edge is within what the network sees
    assert found.labels.shape == found.face.shape == (150, 220)
    assert (found.labels[40:59, 60:140] == LABELS.index("hair")).all()
    assert (found.labels[61:90, 60:140] == LABELS.index("skin")).all()
    assert found.face[40:58, 60:140].max() < 0.1 < 0.9 < found.face[62:90, 60:140].min()


def test_many_crops_come_back_in_order() -> None:
    points = (CANONICAL - 0.5) * 90 + (64, 64)
    images = [np.full((128, 128, 3), 255 * (n % 3 == 0), np.uint8) for n in range(19)]
    found = list(Parser(Colours()).all((image, points) for image in images))
    middles = [LABELS[each.labels[64, 64]] for each in found]
    assert middles == ["hair" if n % 3 == 0 else "skin" for n in range(19)]


def test_beyond_what_is_seen_all_is_like_its_border() -> None:
    scores = np.zeros((9, SIZE, SIZE), np.float32)
    scores[2], scores[8] = 1, 1
    shifted = np.array([[1.0, 0, -300], [0, 1.0, -300]])
    far = parse(scores, shifted, (40, 50))
    assert (far.labels == 2).all() and (far.face == 1).all()
