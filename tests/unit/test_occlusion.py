"""New faces behind what was before the old ones."""

from dataclasses import replace

import numpy as np
import pytest

from faceloom.errors import FaceloomError
from faceloom.images import decode, encode_png
from faceloom.occlusion import uncovered
from faceloom.pixels.parsing import LABELS
from faceloom.rows.faces import Face
from faceloom.rows.parsed import Parsed
from faces import row, shot


def parsed(face: Face, size: int = 64) -> Parsed:
    """Something before the left half of it."""
    labels = np.full((size, size), LABELS.index("skin"), np.uint8)
    labels[:, : size // 2] = LABELS.index("occluder")
    whole = encode_png(np.full((size, size), 255, np.uint8))
    return Parsed("unet", *face.key[:1], face.person, *face.key[1:], encode_png(labels), whole)


FACES = [row(shot(n), n) for n in range(3)]


def test_the_mask_is_lowered_where_something_is_before_it() -> None:
    found = list(uncovered(FACES, map(parsed, FACES), ("occluder",), 0.0))
    assert [face.key for face in found] == [face.key for face in FACES]
    for old, new in zip(FACES, found, strict=True):
        before, after = decode(old.mask), decode(new.mask)
        assert after[:, :29].max() == 0
        assert np.array_equal(after[:, 36:], before[:, 36:])
        assert new.image == old.image


def test_faces_that_are_not_swapped_may_be_parsed_as_well() -> None:
    rows = [replace(parsed(face), track=track) for face in FACES for track in (0, 1)]
    assert len(list(uncovered(FACES, rows, ("occluder",), 0.0))) == 3


def test_what_does_not_cover_changes_nothing() -> None:
    found = list(uncovered(FACES, map(parsed, FACES), ("hair",), 0.02))
    assert [decode(f.mask).tolist() for f in found] == [decode(f.mask).tolist() for f in FACES]


def test_a_face_that_nobody_has_parsed_is_told() -> None:
    with pytest.raises(FaceloomError, match=r"^walk: no parsing of track 0 in frame 2; "):
        list(uncovered(FACES, map(parsed, FACES[:2]), ("occluder",), 0.0))


def test_crops_of_another_size_are_told() -> None:
    with pytest.raises(FaceloomError, match="parsed at 32 pixels, but the new face has 64"):
        list(uncovered(FACES, (parsed(face, 32) for face in FACES), ("occluder",), 0.0))
