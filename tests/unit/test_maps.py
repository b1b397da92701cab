"""Maps of faces: parsed or painted, frame by frame, and what is said where they do not fit."""

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from faceloom.errors import FaceloomError
from faceloom.images import encode_png
from faceloom.maps import painted, parsed
from faceloom.people import painted_map
from faceloom.pixels.parsing import LABELS
from faceloom.rows.faces import Face
from faceloom.rows.parsed import Parsed
from faces import row, shot

FACES = [row(shot(n), n) for n in (0, 2)]
RED, BLUE = (255, 0, 0), (0, 0, 255)


def painting(colour: tuple[int, int, int], size: tuple[int, int] = (160, 120)) -> np.ndarray:
    return np.full((size[1], size[0], 3), colour, np.uint8)


def zipped(path: Path, pictures: Sequence[np.ndarray]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for number, picture in enumerate(pictures):
            file.writestr(f"{number}.png", encode_png(picture))
    return path


def of(face: Face, label: str, size: int = 64) -> Parsed:
    labels = np.full((size, size), LABELS.index(label), np.uint8)
    return Parsed("unet", face.clip, face.person, face.frame, face.track, encode_png(labels), b"")


def test_each_face_has_its_own_parsing() -> None:
    between = replace(FACES[0], frame=1)
    rows = [of(FACES[0], "hair"), of(between, "cloth"), of(FACES[1], "occluder")]
    first, second = parsed(FACES, rows)
    assert first[0, 0] == LABELS.index("hair")
    assert (second == LABELS.index("occluder")).all()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([of(FACES[1], "hair")], "no parsing of track 0 in frame 0"),
        ([of(FACES[0], "hair", 32)], "parsed at 32 pixels, but the new face has 64"),
    ],
)
def test_a_parsing_of_others_is_told(rows: list[Parsed], said: str) -> None:
    with pytest.raises(FaceloomError, match=said):
        list(parsed(FACES, rows))


def test_each_face_has_its_frames_painting(tmp_path: Path) -> None:
    film = zipped(tmp_path / "walk_sem.zip", [painting(RED), painting(RED), painting(BLUE)])
    first, second = painted(FACES, film)
    assert (first == 0xFF0000).all()
    assert (second == 0x0000FF).all()


@pytest.mark.parametrize(
    ("pictures", "said"),
    [
        ([painting(RED)], "no map of frame 2; paint one for each frame of walk"),
        ([painting(RED, (80, 60))], "80x60 pixels, but the frames of walk are 160x120"),
        ([np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)], "colours, where"),
    ],
)
def test_a_painting_that_does_not_fit_is_told(
    tmp_path: Path, pictures: list[np.ndarray], said: str
) -> None:
    film = zipped(tmp_path / "walk_sem.zip", pictures)
    with pytest.raises(FaceloomError, match=said) as error:
        list(painted(FACES, film))
    assert str(error.value).startswith(str(film))


def test_where_a_painting_lies(tmp_path: Path) -> None:
    assert painted_map(tmp_path / "man.jpg") is None
    (tmp_path / "man_sem.png").touch()
    assert painted_map(tmp_path / "man.jpg") == str(tmp_path / "man_sem.png")
