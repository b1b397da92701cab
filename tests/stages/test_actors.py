"""The renderer: equal seeds, equal bits; labels that fit the pictures; one line where it fails."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from actors import PACKAGE, PYTHON, places, studio, with_package, with_renderer
from faceloom.actors import labels
from faceloom.actors.person import Person
from faceloom.errors import FaceloomError
from faceloom.settings.actors import Actors
from faceloom.stages.actors import Agency, actors, called, listed, share

SMALL = Actors(size=64, samples=1, frames=2, every=12, audition=False)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_names_say_who_it_is() -> None:
    assert list(called("random", 7, 0, True)) == [("s7a", "", 7), ("s7a", "s7b", 7)]
    assert [host for host, *_ in called("random", 7, 3, True)] == ["s7p0", "s7p1", "s7p2"]
    assert list(called("s7a_as_s7b", 9, 0, False)) == [("s7a", "s7b", 9)]
    assert list(called("anna,boris", 0, 0, False)) == [("anna", "", 0)]


def test_somebody_unknown_is_one_line() -> None:
    with pytest.raises(FaceloomError, match=r"cast.yaml: no anne among anna, boris"):
        listed(places()["sheet"], "anne")


def test_the_whole_sheet_can_be() -> None:
    for name in ("anna", "boris", "chen", "dayo", "erik", "faye"):
        assert listed(places()["sheet"], name).targets()


def test_no_renderer_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match=r"not set up; run ./run setup actors"):
        actors(tmp_path, python=tmp_path / "python")


@pytest.mark.truth
@with_renderer
def test_equal_seeds_are_equal_bits_whoever_shares_the_work(tmp_path: Path) -> None:
    for place, jobs in (("one", 1), ("two", 2)):
        actors(tmp_path / place, seed=7, jobs=jobs, settings=SMALL, **places())
    for part in ("2/2", "1/2"):
        actors(tmp_path / "parts", cast="s7a", seed=7, part=part, settings=SMALL, **places())
    actors(tmp_path / "parts", cast="s7a", seed=7, settings=SMALL, **places())
    assert digests(tmp_path / "parts").items() < digests(tmp_path / "one").items()
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert set(digests(tmp_path / "one")) == {
        f"{name}.{end}"
        for name in ("s7a", "s7a_as_s7b")
        for end in ("mp4", "json", "parquet", "npz")
    }
    clip, twin = (labels.shot(tmp_path / "one", name) for name in ("s7a", "s7a_as_s7b"))
    assert clip.seg.shape == (2, 64, 64)
    assert set(np.unique(clip.seg)) >= {labels.BACKGROUND, labels.SKIN, labels.CLOTH}
    assert clip.points.shape == (2, 68, 2)
    assert clip.facts["donor"] is None
    assert twin.facts["donor"]
    assert [row.yaw for row in clip.frames] == [row.yaw for row in twin.frames]
    inner = np.rint(clip.points[0, 27:48]).astype(int)
    assert clip.swap[0][inner[:, 1], inner[:, 0]].mean() > 0.8
    near = clip.depth[clip.seg == labels.SKIN].mean()
    assert near < clip.depth[clip.seg == labels.BACKGROUND].mean()


def test_parts_are_all_frames_in_turn() -> None:
    assert [list(share(f"{n}/3", 7)) for n in (1, 2, 3)] == [[0, 1], [2, 3], [4, 5, 6]]
    for part in ("0/2", "3/2", "half"):
        with pytest.raises(FaceloomError, match=r"write 2/4 for the second of four"):
            share(part, 7)


@pytest.mark.truth
@with_renderer
def test_whoever_is_drawn_was_looked_at_and_stays_the_same(tmp_path: Path) -> None:
    given = places()
    python, descriptor = given["python"], given["descriptor"]
    agencies = [
        Agency(studio(), given["sheet"], tmp_path / place, python, descriptor, Actors())
        for place in ("one", "two")
    ]
    one, other = (agency.person("s11b") for agency in agencies)
    assert one == other
    assert {path.name for path in (tmp_path / "one").iterdir()} == {"s11a.json", "s11b.json"}
    assert agencies[0].seen == agencies[0].rejected + 2
    again = agencies[0]
    again.seen = 0
    assert again.person("s11b") == one
    assert again.seen == 0


@with_package
def test_nobody_who_is_drawn_wears_glasses_where_none_are_wanted(tmp_path: Path) -> None:
    given = places()
    wears = [
        Agency(
            studio(),
            given["sheet"],
            tmp_path,
            given["python"],
            given["descriptor"],
            Actors(audition=False, glasses=allowed),
        )
        .person("s0p4")
        .glasses
        for allowed in (True, False)
    ]
    assert wears[0]
    assert not wears[1]


class Welcoming(Agency):
    """One that finds nothing wrong with anybody."""

    def wrong(self, person: Person, against: str | None) -> list[str]:  # noqa: ARG002
        """Nothing."""
        return []


@with_package
def test_who_was_rejected_counts_only_for_people_with_the_same_glasses(tmp_path: Path) -> None:
    given = places()
    record = tmp_path / "s0p4.json"
    record.write_text(json.dumps({"name": "s0p4", "glasses": True, "rejected": [["hair"]]}))
    tries = [
        Welcoming(
            studio(),
            given["sheet"],
            tmp_path,
            given["python"],
            given["descriptor"],
            Actors(glasses=allowed),
        ).tries("s0p4", [0, 11, 4])
        for allowed in (True, False)
    ]
    assert tries == [1, 0]
    assert json.loads(record.read_text()) == {"name": "s0p4", "glasses": False, "rejected": []}


@pytest.mark.truth
@with_renderer
def test_a_failing_renderer_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no screen >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(FaceloomError, match=r"render.log: Blender failed: no screen"):
        actors(tmp_path / "out", settings=SMALL, **{**places(), "python": broken})


@with_package
def test_a_package_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    assert PACKAGE.exists()
    python = PYTHON if PYTHON.exists() else PACKAGE
    with pytest.raises(FaceloomError, match=r"nothing.whl: not there"):
        actors(tmp_path, **{**places(), "python": python, "package": tmp_path / "nothing.whl"})
