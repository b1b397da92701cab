"""curate: every face has one row, and who is left out is left out for the gravest reason."""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import cv2
import numpy as np
import pytest

from commands import answered, command, refused
from faceloom.errors import FaceloomError
from faceloom.images import decode, encode_png
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.rows.facts import Measured
from faceloom.settings import Curate
from faceloom.stages import curate as stage
from faceloom.stages.curate import curate, duplicates, largest_cap
from faceloom.tables import read, write
from faces import fact, row, shot

PLAIN = row(shot(), size=32)


class Known(NamedTuple):
    """A face and what is measured of it."""

    face: Face
    facts: tuple[Measured, ...]


def picture(seed: int) -> bytes:
    """A blot; two of them are nowhere near each other."""
    blots = np.random.default_rng(seed).integers(60, 200, (4, 4, 3), dtype=np.uint8)
    return encode_png(cv2.resize(blots, (32, 32), interpolation=cv2.INTER_CUBIC))


def known(
    frame: int,
    clip: str = "walk",
    *,
    axis: int = 0,
    sharp: float = 10.0,
    clipped: float = 0.0,
    like: int | None = None,
    bridged: bool = False,
    track: int = 0,
) -> Known:
    """A face that nothing speaks against, unless told otherwise; `like` the picture of a seed."""
    said = {"clip": clip, "frame": frame, "track": track, "bridged": bridged}
    seed = like if like is not None else crc32(f"{clip} {frame} {track}".encode())
    face = row(shot(), size=32, **said | {"image": picture(seed), "mask": PLAIN.mask})
    who = np.eye(128)[axis] + np.random.default_rng(frame).normal(0, 0.01, 128)
    return Known(face, (fact("identity", face, *who), fact("quality", face, sharp, 120, clipped)))


Curated = Callable[..., dict[tuple[str, int, int], str]]


@pytest.fixture
def curated(tmp_path: Path) -> Curated:
    """What becomes of faces: the reason of each."""

    def curated(
        every: Iterable[Known], judged: str = "elsewhere", **settings: Any
    ) -> dict[tuple[str, int, int], str]:
        every = list(every)
        tables = []
        for clip, some in groupby(every, lambda each: each.face.clip):
            tables.append(tmp_path / f"{clip}.parquet")
            write(tables[-1], (each.face for each in some), Face)
        write(tmp_path / "facts.parquet", (f for each in every for f in each.facts), Measured)
        out, sheet = tmp_path / "choices.parquet", tmp_path / "sheet.png"
        facts = (tmp_path / "facts.parquet",)
        curate(tuple(tables), facts, "anna", judged, out, sheet, Curate(**settings))
        rows = read(out, Choice)
        assert [choice.key for choice in rows] == [each.face.key for each in every]
        assert all(choice.kept == (choice.reason == "kept") for choice in rows)
        return {choice.key: choice.reason for choice in rows}

    return curated


def frames(found: dict[tuple[str, int, int], str], reason: str, clip: str = "walk") -> list[int]:
    return [frame for (where, frame, _), why in found.items() if why == reason and where == clip]


def test_good_faces_are_kept(curated: Curated) -> None:
    assert set(curated(known(n) for n in range(6)).values()) == {"kept"}


def test_somebody_else_is_left_out_even_from_the_other_clip(curated: Curated) -> None:
    own = [known(n) for n in range(6)] + [known(9, axis=1)]
    other = [known(n, "talk", axis=1 if n < 3 else 0) for n in range(6)]
    found = curated(own + other)
    assert frames(found, "somebody else") == [9]
    assert frames(found, "somebody else", "talk") == [0, 1, 2]


def test_how_strange_a_face_may_be(curated: Curated) -> None:
    every = [known(n) for n in range(6)] + [known(9, axis=1)]
    assert frames(curated(every, stranger=1.5), "somebody else") == []


def test_bridged_faces_were_not_seen(curated: Curated) -> None:
    found = curated(known(n, bridged=n in (2, 3)) for n in range(6))
    assert frames(found, "bridged") == [2, 3]


def test_the_end_of_every_clip_is_held_out_as_a_block(curated: Curated) -> None:
    every = [known(n) for n in range(50, 70)] + [known(n, "talk") for n in range(0, 50, 5)]
    found = curated(every, "here", held=0.25)
    assert frames(found, "held out") == [65, 66, 67, 68, 69]
    assert frames(found, "held out", "talk") == [35, 40, 45]  # time counts, not faces
    assert frames(curated(every, "here", held=0), "held out") == []


def test_nothing_is_held_out_of_who_is_judged_elsewhere(curated: Curated) -> None:
    assert set(curated(known(n) for n in range(10)).values()) == {"kept"}


def test_blurred_means_beside_the_persons_own_usual_sharpness(curated: Curated) -> None:
    every = [known(n, sharp=10) for n in range(6)] + [known(6, sharp=3.4), known(7, sharp=3.6)]
    assert frames(curated(every), "blurred") == [6]
    assert frames(curated(every, blurred=0.5), "blurred") == [6, 7]
    strangers = [known(n, axis=1, sharp=40) for n in range(20, 25)]  # do not count
    assert frames(curated(every + strangers), "blurred") == [6]


def test_a_face_without_any_pixel_to_measure_is_no_face_to_learn(curated: Curated) -> None:
    every = [known(n) for n in range(5)] + [known(5, sharp=float("nan"))]
    found = curated(every)
    assert frames(found, "blurred") == [5] and frames(found, "kept") == [0, 1, 2, 3, 4]


def test_too_dark_or_bright(curated: Curated) -> None:
    found = curated([*(known(n) for n in range(5)), known(5, clipped=0.6), known(6, clipped=0.5)])
    assert frames(found, "too dark or bright") == [5]


def test_of_faces_that_look_alike_the_first_is_kept(curated: Curated) -> None:
    every = [known(0, like=1), known(1, like=2), known(2, like=1), known(3, like=1)]
    assert frames(curated(every), "duplicate") == [2, 3]
    assert frames(curated(every, twin=0), "duplicate") == []
    found = curated([*every, known(0, "talk", like=2)])
    assert frames(found, "duplicate", "talk") == [0]


def test_who_is_left_out_makes_nobody_a_duplicate(curated: Curated) -> None:
    found = curated([*(known(n) for n in range(4)), known(5, like=1, sharp=1), known(6, like=1)])
    assert frames(found, "blurred") == [5] and 6 in frames(found, "kept")


def test_duplicates_equal_brute_force() -> None:
    draws = np.random.default_rng(2)
    walk = np.cumsum(draws.normal(0, 0.6, (60, 32, 32)), axis=0) * draws.choice(
        [0.1, 1], (60, 1, 1)
    )
    thumbs = [np.clip(128 + each, 0, 255).astype(np.uint8) for each in walk]

    class Said:
        of = [""] * 60
        settings = Curate(twin=1.0)

    Said.of[7] = "blurred"
    kept: list[int] = []
    for number, thumb in enumerate(thumbs):
        apart = [np.abs(thumb.astype(int) - thumbs[place].astype(int)).mean() for place in kept]
        if not Said.of[number] and min(apart, default=9) >= 1.0:
            kept.append(number)
    found = duplicates(thumbs, Said)  # type: ignore[arg-type]
    assert 5 < len(kept) < 55
    assert [n for n in range(60) if not found[n] and n != 7] == kept


def test_no_clip_has_more_than_its_share(curated: Curated) -> None:
    every = [
        known(n, clip) for clip, count in (("a", 30), ("b", 6), ("c", 6)) for n in range(count)
    ]
    found = curated(every, share=0.5)
    kept = frames(found, "kept", "a")
    assert len(kept) == 12 and kept[0] == 0 and kept[-1] == 29
    assert max(np.diff(kept)) <= 3  # evenly over time
    assert len(frames(found, "more than its clip's share", "a")) == 18
    assert len(frames(found, "kept", "b")) == len(frames(found, "kept", "c")) == 6


@pytest.mark.parametrize(
    ("counts", "share", "cap"),
    [
        ([30, 6, 6], 0.5, 12),
        ([10], 0.3, 10),
        ([100, 10], 0.5, 10),
        ([9, 9, 9], 0.34, 9),
        ([9, 8, 3], 0.34, 3),
        ([], 0.5, 0),
    ],
)
def test_the_largest_share(counts: list[int], share: float, cap: int) -> None:
    assert largest_cap(counts, share) == cap


def test_no_more_than_enough_evenly_over_time(curated: Curated) -> None:
    found = curated((known(n) for n in range(21)), most=5)
    assert frames(found, "kept") == [0, 5, 10, 15, 20]
    assert len(frames(found, "more than enough")) == 16


def test_the_gravest_reason_counts(curated: Curated) -> None:
    bad = {"axis": 1, "sharp": 1, "clipped": 1}
    last = [known(9, bridged=True, **bad), known(10, **bad), known(11, sharp=1, clipped=1)]
    found = curated([known(n) for n in range(8)] + last)
    assert [*found.values()][8:] == ["bridged", "somebody else", "blurred"]


def test_the_same_again(curated: Curated, tmp_path: Path) -> None:
    every = [known(n, axis=int(n % 5 == 4), like=n % 7) for n in range(20)]
    made = []
    for _ in range(2):
        curated(every, "here", most=4)
        made.append([(tmp_path / name).read_bytes() for name in ("choices.parquet", "sheet.png")])
    assert made[0] == made[1]


def test_the_sheet_shows_kept_faces_first_and_others_with_their_reasons(
    curated: Curated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    paper = stage.contact_sheet
    monkeypatch.setattr(stage, "contact_sheet", lambda *words: said.append(words) or paper(*words))
    curated([known(n, sharp=1 if n < 30 else 10) for n in range(100)])
    page = decode((tmp_path / "sheet.png").read_bytes())
    assert page.dtype == np.uint8 and page.shape[2] == 3
    ((pictures, _, _, captions),) = said
    assert len(pictures) == len(captions) == 40
    assert captions[:2] == ["walk 30: kept", "walk 34: kept"]
    assert captions[20] == "walk 0: blurred" and captions[-1] == "walk 29: blurred"
    assert np.array_equal(pictures[0], decode(known(30).face.image))


def test_nobody_left_is_told_with_the_reasons(curated: Curated, tmp_path: Path) -> None:
    every = [known(n, clipped=1) for n in range(3)] + [known(4, bridged=True)]
    with pytest.raises(FaceloomError, match="anna: no face left.*3 too dark or bright, 1 bridged"):
        curated(every)
    assert not (tmp_path / "choices.parquet").exists()


def test_no_clips_and_no_faces_are_told(curated: Curated, tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match="anna: no clip to learn from"):
        curated([])
    write(tmp_path / "none.parquet", [], Face)
    given = {"facts": (), "person": "anna", "judged": "here", "settings": Curate()}
    given |= {"choices": tmp_path / "c.parquet", "sheet": tmp_path / "s.png"}
    with pytest.raises(FaceloomError, match="anna: no face"):
        curate((tmp_path / "none.parquet",), **given)


def test_facts_that_are_missing_are_named(curated: Curated) -> None:
    half = known(3)
    with pytest.raises(FaceloomError, match="walk: no quality of frame 3"):
        curated([known(1), Known(half.face, half.facts[:1])])


def test_as_a_command(tmp_path: Path) -> None:
    every = [known(n, bridged=n == 0) for n in range(5)]
    write(tmp_path / "walk.parquet", (each.face for each in every), Face)
    write(tmp_path / "facts.parquet", (f for each in every for f in each.facts), Measured)
    given = {"faces": tmp_path / "walk.parquet", "facts": tmp_path / "facts.parquet"}
    given |= {"person": "anna", "choices": tmp_path / "c.parquet", "sheet": tmp_path / "s.png"}
    done = command("curate", **given, judged="elsewhere", settings=Curate())
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["curate: 1 bridged, 4 kept"]
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")


def test_no_tables_at_all_as_a_command(tmp_path: Path) -> None:
    given = {"faces": (), "facts": (), "person": "anna", "sheet": tmp_path / "s.png"}
    out = tmp_path / "c.parquet"
    done = answered("curate", **given, choices=out, judged="here", settings=Curate())
    refused(done, "anna: no clip to learn from", out)
