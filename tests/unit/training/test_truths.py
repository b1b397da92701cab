"""Weights chosen by what swaps should look like."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from faceloom.colours import as_moments
from faceloom.errors import FaceloomError
from faceloom.images import decode, encode_png
from faceloom.media import pictures
from faceloom.models import small
from faceloom.models.generator import Generator
from faceloom.pixels.colour import moved
from faceloom.pixels.warps import cut
from faceloom.rows.faces import Face
from faceloom.tables import write
from faceloom.training.heldout import Held, Judged, Shown, laid
from faceloom.training.truths import Chosen, shown

DEMO = Path(__file__).parents[3] / "data/demo"
HOST, TRUTH = DEMO / "boris.mp4", DEMO / "boris_as_chen.mp4"
SIDE = 64
MATRIX = np.array([[0.5, 0, -30.0], [0, 0.5, -50.0]])


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[16:48, 16:48] = 255
    faces = [
        Face(
            "boris", "boris", number, 0, number == 3, 256, 256, tuple([0.0] * 136),
            tuple(MATRIX.flatten()), encode_png(mask),
            encode_png(cut(np.asarray(picture.image), MATRIX, SIDE)),
        )
        for number, picture in enumerate(pictures(HOST))
        if number < 8
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("truths") / "boris.parquet"
    write(path, faces, Face)
    return path


def told(clip: str = "boris", truth: Path = TRUTH) -> Chosen:
    return Chosen.told(f"{clip}:boris=chen", truth)


def test_faces_and_what_they_should_become_lie_alike(table: Path) -> None:
    (found,) = shown([told()], [table], 3, SIDE, {})
    assert found.donor == "chen"
    assert found.pixels.shape == found.truth.shape == (3, SIDE, SIDE, 3)
    assert found.inside.mean() == 0.25
    off = np.abs(found.pixels.astype(float) - found.truth).mean(-1)
    first = np.asarray(next(iter(pictures(TRUTH))).image)
    assert np.array_equal(found.truth[0], cut(first, MATRIX, SIDE))
    (itself,) = shown([told(truth=HOST)], [table], 3, SIDE, {})
    assert itself.apart(itself.pixels) == 0
    assert found.apart(found.truth) == 0
    assert found.apart(found.pixels) == pytest.approx(off[found.inside].mean() / 255)


def test_colours_are_moved_as_those_that_are_learnt(table: Path) -> None:
    said = {"boris": ((100.0,) * 3, (10.0,) * 3), "": ((110.0,) * 3, (20.0,) * 3)}
    boris, common = (as_moments(said[name]) for name in ("boris", ""))
    (plain,) = shown([told()], [table], 2, SIDE, {})
    (tinted,) = shown([told()], [table], 2, SIDE, said)
    for before, after in ((plain.pixels, tinted.pixels), (plain.truth, tinted.truth)):
        wanted = np.stack([moved(each, boris, common) for each in before])
        assert np.array_equal(after, wanted) and not np.array_equal(after, before)


def test_whoever_is_not_seen_chooses_nothing(table: Path, tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="chen: boris is not seen"):
        list(shown([told("chen")], [table], 3, SIDE, {}))
    short = tmp_path / "short"
    short.mkdir()
    first = next(iter(pictures(TRUTH)))
    (short / "0.png").write_bytes(encode_png(np.asarray(first.image)))
    with pytest.raises(FaceloomError, match="has no frame 4, which its clip has"):
        list(shown([told(truth=short)], [table], 3, SIDE, {}))
    with pytest.raises(FaceloomError, match="expected CLIP:HOST=DONOR"):
        Chosen.told("boris=chen", TRUTH)


def test_the_truth_has_its_part_in_the_score(table: Path) -> None:
    torch.manual_seed(0)
    generator: Generator = small.make(people=("boris", "chen"), width=8, latent=16).eval()
    (known,) = shown([told()], [table], 3, SIDE, {})
    with torch.no_grad():
        painted = laid(generator, known.pixels, "chen")
        nothing = np.zeros((1, SIDE, SIDE, 3), np.uint8)
        row = Face(
            "c", "p", 0, 0, False, 9, 9, (0.0,) * 136, tuple(MATRIX.flatten()), b"",
            encode_png(nothing[0]),
        )  # fmt: skip
        held = {person: Held(nothing, (row,), (row,)) for person in ("boris", "chen")}
        weights = {"identity": 1.0, "pose": 1.0, "truth": 5.0}
        scores = Judged(held, brightness, None, weights, (known,))(generator)
    assert scores["truth"] == known.apart(painted) > 0
    assert scores["score"] == pytest.approx(scores["identity"] + 5 * scores["truth"])


def brightness(faces: Iterable[Face]) -> Iterator[list[float]]:
    for face in faces:
        yield [1.0, float(decode(face.image).mean())]


def test_a_truth_is_compared_inside_the_face_alone() -> None:
    black = np.zeros((1, 4, 4, 3), np.uint8)
    inside = np.zeros((1, 4, 4), bool)
    inside[0, 0, :2] = True
    painted = black.copy()
    painted[0, 0, 0] = 51
    painted[0, 3] = 255
    assert Shown("chen", black, black, inside).apart(painted) == pytest.approx(0.1)
