"""augment: faces with features of look-alikes, which count as the look-alike's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commands import answered, command, refused
from faceloom.errors import FaceloomError
from faceloom.geometry.similarity import apply
from faceloom.images import decode
from faceloom.pixels.masks import dilated, parts
from faceloom.rows.augmented import Augmented
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.rows.lookalikes import Lookalike
from faceloom.settings import Augment
from faceloom.stages.augment import augment
from faceloom.tables import read, write
from faces import EMI, kept, row, shot

MINE = [row(shot(n, turn=3 * n), n, n % 2) for n in range(6)]
THEIRS = [
    row(shot(9 - n, turn=-2 * n, skin=EMI), 10 * n, clip="sing", person="emi") for n in range(3)
]
NEAR = [
    Lookalike(*face.key, rank, *other.key, float(rank))
    for face in MINE
    for rank, other in enumerate(THEIRS[:2])
]
Made = Callable[..., list[Augmented]]


def tables(folder: Path, choices: list[Choice] | None = None) -> dict[str, Any]:
    files = {name: folder / f"{name}.parquet" for name in ("anna", "emi", "choices", "near")}
    write(files["anna"], MINE, Face)
    write(files["emi"], THEIRS, Face)
    write(files["choices"], kept(*MINE) if choices is None else choices, Choice)
    write(files["near"], NEAR, Lookalike)
    faces = (files["anna"], files["emi"])
    return {"faces": faces, "choices": files["choices"], "lookalikes": files["near"]}


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def made(choices: list[Choice] | None = None, **settings: Any) -> list[Augmented]:
        out, sheet = tmp_path / "made.parquet", tmp_path / "sheet.png"
        augment(
            **tables(tmp_path, choices), augmented=out, sheet=sheet, settings=Augment(**settings)
        )
        return read(out, Augmented)

    return made


def own(made: Augmented) -> Face:
    return next(face for face in MINE if face.key == (made.clip, made.frame, made.track))


def test_a_row_belongs_to_whoever_has_its_features(made: Made) -> None:
    rows = made(share=1)
    assert [(r.clip, r.frame, r.track) for r in rows] == [face.key for face in MINE]
    assert {r.person for r in rows} == {"emi"}
    assert {(r.other_clip, r.other_frame) for r in rows} == {("sing", 0), ("sing", 10)}
    assert all(r.mask == own(r).mask for r in rows)


def test_only_the_part_is_changed(made: Made) -> None:
    for each in made(share=1, by={"kind": "parts", "grow": 0.2}):
        face = own(each)
        before, after = decode(face.image).astype(int), decode(each.image)
        where = parts(apply(face.affine, face.points), [each.parts], (64, 64), 1.2)
        changed = np.abs(after - before).max(axis=2)
        assert changed[where > 0.9].mean() > 2
        assert changed[dilated(where, 14) == 0].max() <= 3
        assert changed[dilated(where, 2) == 0].mean() < 0.2


def test_only_the_parts_asked_for_are_taken(made: Made) -> None:
    assert {r.parts for r in made(share=1, by={"kind": "parts", "take": ["nose"]})} == {"nose"}
    assert {r.parts for seed in range(4) for r in made(share=1, seed=seed)} == {
        "mouth",
        "nose",
        "eyes",
    }


def test_how_many_are_made(made: Made) -> None:
    assert len(made(share=0.5)) == 3
    assert len(made(share=0.01)) == 1
    rows = made(share=0.5, seed=3)
    assert [r.frame for r in rows] == sorted({r.frame for r in rows})


def test_only_kept_faces_are_changed(made: Made) -> None:
    rows = made([Choice(*face.key, face.frame == 4, "") for face in MINE], share=1)
    assert [r.frame for r in rows] == [4]


def test_the_gate_drops_what_has_a_seam_and_no_gate_keeps_all(made: Made) -> None:
    free = made(share=1)
    assert all(r.kept for r in free)
    limit = sorted(r.quality for r in free)[2]
    gated = made(share=1, gate=limit)
    assert [r.quality for r in gated] == [r.quality for r in free]
    assert [r.kept for r in gated] == [r.quality <= limit for r in free]
    assert 0 < sum(r.kept for r in gated) < len(gated)


def test_the_seed_decides(made: Made) -> None:
    assert made(seed=1) == made(seed=1)
    some = {tuple((r.frame, r.other_frame, r.parts) for r in made(seed=seed)) for seed in range(5)}
    assert len(some) > 2


def test_the_sheet_shows_before_and_after(made: Made, tmp_path: Path) -> None:
    made(share=1)
    page = decode((tmp_path / "sheet.png").read_bytes())
    assert page.shape[1] == 8 * 132 + 4 and page.shape[2] == 3


def test_faces_that_are_not_given_are_named(made: Made, tmp_path: Path) -> None:
    given = tables(tmp_path)
    given["faces"] = given["faces"][:1]
    out = tmp_path / "made.parquet"
    with pytest.raises(FaceloomError, match="sing: no face 0 in frame 0 among the faces given"):
        augment(**given, augmented=out, sheet=tmp_path / "s.png", settings=Augment(share=1))
    assert not out.exists()


def test_as_a_command(tmp_path: Path) -> None:
    out, sheet = tmp_path / "made.parquet", tmp_path / "sheet.png"
    given = tables(tmp_path) | {"augmented": out, "sheet": sheet}
    done = command("augment", **given, settings=Augment(share=1))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["augment: 6 made, 0 dropped for their seam"]
    assert len(read(out, Augmented)) == 6
    assert sheet.read_bytes().startswith(b"\x89PNG")


def test_an_empty_table_as_a_command(tmp_path: Path) -> None:
    out = tmp_path / "made.parquet"
    given = tables(tmp_path, []) | {"augmented": out, "sheet": tmp_path / "sheet.png"}
    done = answered("augment", **given, settings=Augment())
    refused(done, "near.parquet: no look-alike for any face that is kept", out)
