import numpy as np
import pytest

from faceloom.pixels import sheets

RED = np.full((30, 60, 3), (200, 0, 0), np.uint8)
BLUE = np.full((50, 20, 3), (0, 0, 200), np.float32)


def test_a_sheet_shows_each_picture_whole_and_in_order() -> None:
    page = sheets.sheet([RED, BLUE, RED], columns=2, cell=40)
    assert page.dtype == np.uint8
    assert page.shape == (2 * 44 + 4, 2 * 44 + 4, 3)
    red, blue = (page == (200, 0, 0)).all(axis=-1), (page == (0, 0, 200)).all(axis=-1)
    assert red[4:44, 4:44].sum() == 40 * 20
    assert blue[4:44, 48:88].sum() == 40 * 16
    assert red[48:88, 4:44].sum() == 40 * 20
    assert not (red | blue)[48:88, 48:88].any()


def test_captions_are_dark_and_stay_below_their_picture() -> None:
    page = sheets.sheet([BLUE, RED], 2, 64, ["a", "much too long for one cell, certainly"])
    plain = sheets.sheet([BLUE, RED], 2, 64)
    assert page.shape[0] == plain.shape[0] + 18
    assert page.shape[1] == plain.shape[1]
    below = page[4 + 64 : 4 + 64 + 18]
    assert below[:, 4:68].min() < 100
    assert below[:, 72:136].min() < 100
    assert (below[:, 136:] == 250).all()


def test_each_picture_has_its_caption() -> None:
    with pytest.raises(ValueError, match="2 images, but 1 captions"):
        sheets.sheet([RED, BLUE], 2, 64, ["one"])


def test_masks_can_be_shown() -> None:
    page = sheets.sheet([np.full((10, 10), 128, np.uint8)], 1, 10)
    assert (page[4:14, 4:14] == 128).all()


def test_a_strip_is_as_high_as_its_first() -> None:
    line = sheets.strip([RED, BLUE])
    assert line.shape == (30, 72, 3)
    assert (line[:, :60] == RED).all()
    assert np.allclose(line[15, 65], (0, 0, 200))
