"""refine: every new face beside the one whose place it takes, through one refiner after another."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commands import command, refused
from faceloom.errors import FaceloomError
from faceloom.geometry.similarity import apply
from faceloom.images import decode, to_mask
from faceloom.pixels.sharpness import sobel
from faceloom.rows.faces import Face
from faceloom.settings import Refine
from faceloom.stages.refine import looked_at, refine
from faceloom.tables import read, write
from faces import EMI, row, shot

HOSTS = [row(shot(n, turn=2 * track), n, track) for n in range(3) for track in (0, 1, 2)]
OTHERS = [row(shot(n, skin=EMI), n, track) for n in range(3) for track in (0, 1, 2)]
NEW = [
    replace(host, image=other.image)
    for host, other in zip(HOSTS, OTHERS, strict=True)
    if host.track != 1
]
Refined = Callable[..., list[Face]]


def tables(folder: Path, new: list[Face] = NEW) -> dict[str, Path]:
    write(folder / "new.parquet", new, Face)
    write(folder / "faces.parquet", HOSTS, Face)
    return {"swapped": folder / "new.parquet", "faces": folder / "faces.parquet"}


@pytest.fixture
def refined(tmp_path: Path) -> Refined:
    def refined(*parts: Any) -> list[Face]:
        out = tmp_path / "out.parquet"
        refine(**tables(tmp_path), refined=out, settings=Refine.model_validate(parts))
        return read(out, Face)

    return refined


def test_none_changes_nothing(refined: Refined) -> None:
    assert refined("none") == NEW
    assert refined() == NEW


def test_sharpen_makes_faces_sharper_and_leaves_the_rest(refined: Refined) -> None:
    everywhere = np.ones((64, 64), np.float32)
    for old, new in zip(NEW, refined("sharpen"), strict=True):
        before, after = (sobel(decode(face.image), everywhere) for face in (old, new))
        assert after > 1.1 * before
        assert replace(new, image=old.image) == old


def test_their_order_matters(refined: Refined) -> None:
    fine, coarse = ({"kind": "sharpen", "amount": 2, "radius": r} for r in (0.7, 4))
    one, two, alone = refined(fine, coarse), refined(coarse, fine), refined(fine)
    assert len({faces[0].image for faces in (one, two, alone)}) == 3


def test_every_face_comes_with_the_one_that_was_there(tmp_path: Path) -> None:
    given = tables(tmp_path)
    touched = list(looked_at(**given))
    assert [(each.frame, each.track) for each in touched] == [(f.frame, f.track) for f in NEW]
    hosts = {(face.frame, face.track): face for face in HOSTS}
    for each, new in zip(touched, NEW, strict=True):
        host = hosts[each.frame, each.track]
        assert np.array_equal(each.host, decode(host.image))
        assert np.array_equal(each.image, decode(new.image))
        assert np.array_equal(each.mask, to_mask(decode(new.mask)))
        assert np.allclose(each.points, apply(new.affine, new.points))


def test_a_face_in_nobodys_place_is_told(tmp_path: Path) -> None:
    given = tables(tmp_path, [replace(NEW[0], clip="other")])
    out = tmp_path / "out.parquet"
    with pytest.raises(FaceloomError, match="frame 0 of other has none in .*faces.parquet"):
        refine(**given, refined=out, settings=Refine(by=()))
    assert not out.exists()


def test_as_a_command_without_faces(tmp_path: Path) -> None:
    given, out = tables(tmp_path, []), tmp_path / "out.parquet"
    done = command("refine", **given, refined=out, settings='["sharpen"]')
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["refine: 0 faces"]
    assert read(out, Face) == []


def test_a_refiner_that_is_none_is_one_line(tmp_path: Path) -> None:
    given, out = tables(tmp_path), tmp_path / "out.parquet"
    done = command("refine", **given, refined=out, settings='["sharpn"]')
    refused(done, "sharpn", out)
