"""match: the same as comparing every face with every other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from commands import answered, command, refused
from faceloom.errors import FaceloomError
from faceloom.images import decode, encode_png
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.rows.facts import Measured
from faceloom.rows.lookalikes import Lookalike
from faceloom.settings import Match
from faceloom.stages.match import match
from faceloom.tables import read, write
from faces import ANNA, EMI, fact, kept, row, shot

DRAWS = np.random.default_rng(11)


def several(clip: str, person: str, count: int) -> list[Face]:
    """Faces of a person, each turned another way."""
    skin = ANNA if person == "anna" else EMI
    return [
        row(shot(n, turn=DRAWS.uniform(-20, 20), skin=skin), 3 * n, n % 2, clip=clip, person=person)
        for n in range(count)
    ]


MINE = several("walk", "anna", 5) + several("talk", "anna", 2)
THEIRS = several("sing", "emi", 6)
FACTS = [fact("identity", face, *DRAWS.normal(size=128)) for face in [*MINE, *THEIRS]]
FACTS += [fact("sface_map", face, *DRAWS.normal(size=24)) for face in [*MINE, *THEIRS]]
FACTS += [fact("quality", face, *DRAWS.normal(size=128)) for face in THEIRS]
Matched = Callable[..., list[Lookalike]]


def tables(folder: Path, mine: list[Choice], theirs: list[Choice]) -> dict[str, Any]:
    files = {name: folder / f"{name}.parquet" for name in ("anna", "emi", "facts", "mine", "their")}
    write(files["anna"], MINE, Face)
    write(files["emi"], THEIRS, Face)
    write(files["facts"], FACTS, Measured)
    write(files["mine"], mine, Choice)
    write(files["their"], theirs, Choice)
    faces = (files["anna"], files["emi"])
    given = {"faces": faces, "facts": (files["facts"],)}
    return given | {"choices": files["mine"], "others": files["their"]}


@pytest.fixture
def matched(tmp_path: Path) -> Matched:
    def matched(
        mine: list[Choice] | None = None, theirs: list[Choice] | None = None, **settings: Any
    ) -> list[Lookalike]:
        given = tables(tmp_path, mine or kept(*MINE), theirs or kept(*THEIRS))
        match(**given, lookalikes=tmp_path / "out.parquet", settings=Match(**settings))
        return read(tmp_path / "out.parquet", Lookalike)

    return matched


def looks(face: Face, size: int) -> np.ndarray:
    """What pictures are compared by, computed a pixel at a time where it matters."""
    grey = cv2.cvtColor(decode(face.image), cv2.COLOR_RGB2GRAY).astype(float)
    mask = decode(face.mask) / 255
    inside = mask * (grey - (grey * mask).sum() / mask.sum())
    step = len(grey) // size
    return inside.reshape(size, step, size, step).mean(axis=(1, 3)).ravel()


def brute(features: dict[tuple[str, int, int], np.ndarray], count: int) -> list[tuple[Any, ...]]:
    rows = []
    for face in MINE:
        far = [float(np.linalg.norm(features[face.key] - features[o.key])) for o in THEIRS]
        for rank, place in enumerate(np.argsort(far)[:count]):
            rows.append((*face.key, rank, *THEIRS[place].key, far[place]))
    return rows


def check(rows: list[Lookalike], expected: list[tuple[Any, ...]]) -> None:
    found = [
        (r.clip, r.frame, r.track, r.rank, r.other_clip, r.other_frame, r.other_track) for r in rows
    ]
    assert found == [each[:-1] for each in expected]
    assert [r.distance for r in rows] == pytest.approx([each[-1] for each in expected], rel=1e-4)


def test_by_descriptor_equals_brute_force(matched: Matched) -> None:
    features = {f.key: np.float32(f.values).astype(float) for f in FACTS if f.kind == "identity"}
    check(matched(by="descriptor", neighbours=4), brute(features, 4))


@pytest.mark.parametrize("size", [8, 16])
def test_by_picture_equals_brute_force(matched: Matched, size: int) -> None:
    features = {face.key: looks(face, size) for face in [*MINE, *THEIRS]}
    check(matched(neighbours=3, size=size), brute(features, 3))


def test_by_a_network_s_features_equals_brute_force(matched: Matched) -> None:
    """Not by the descriptors, which lie in the same table."""
    features = {f.key: np.float32(f.values).astype(float) for f in FACTS if f.kind == "sface_map"}
    check(matched(features="sface_map", neighbours=4), brute(features, 4))


def test_the_two_ways_differ(matched: Matched) -> None:
    one, two = (matched(by=by, neighbours=1) for by in ("descriptor", "picture"))
    assert [r.other_frame for r in one] != [r.other_frame for r in two]


def test_light_and_ground_do_not_matter_to_pictures(
    matched: Matched, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = matched(neighbours=2)

    def elsewhere(face: Face) -> Face:
        image, mask = decode(face.image), decode(face.mask)[..., None]
        changed = np.where(mask > 0, image - np.uint8(9), np.uint8(7))
        changed_face = {name: getattr(face, name) for name in Face.__dataclass_fields__}
        return Face(**changed_face | {"image": encode_png(changed)})

    monkeypatch.setattr(f"{__name__}.MINE", [elsewhere(face) for face in MINE])
    after = matched(neighbours=2)
    assert [r.distance for r in after] == pytest.approx([r.distance for r in before], rel=1e-3)


def test_only_kept_faces_are_matched(matched: Matched) -> None:
    mine = [Choice(*face.key, n > 2, "") for n, face in enumerate(MINE)]
    theirs = [Choice(*face.key, n < 2, "") for n, face in enumerate(THEIRS)]
    rows = matched(mine, theirs)
    assert {(r.clip, r.frame) for r in rows} == {(f.clip, f.frame) for f in MINE[3:]}
    assert {(r.other_clip, r.other_frame) for r in rows} == {("sing", 0), ("sing", 3)}
    assert len(rows) == 4 * 2  # no more neighbours than there are
    assert [r.rank for r in rows] == [0, 1] * 4
    assert all(a.distance <= b.distance for a, b in zip(rows[::2], rows[1::2], strict=True))


def test_nobody_to_be_compared_is_told(matched: Matched) -> None:
    nobody = [Choice(*face.key, False, "blurred") for face in THEIRS]
    with pytest.raises(FaceloomError, match="their.parquet: no face that is kept"):
        matched(None, nobody)
    strangers = [Choice("other", 0, 0, True, "kept")]
    with pytest.raises(FaceloomError, match="mine.parquet: no face that is kept"):
        matched(strangers, by="descriptor")


def test_as_a_command(tmp_path: Path) -> None:
    given = tables(tmp_path, kept(*MINE), kept(*THEIRS))
    out = tmp_path / "out.parquet"
    done = command("match", **given, lookalikes=out, settings=Match(by="descriptor"))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["match: 35 pairs"]
    assert len(read(out, Lookalike)) == 35


def test_an_empty_table_as_a_command(tmp_path: Path) -> None:
    given, out = tables(tmp_path, [], kept(*THEIRS)), tmp_path / "out.parquet"
    done = answered("match", **given, lookalikes=out, settings=Match(by="descriptor"))
    refused(done, "mine.parquet: no face that is kept", out)
