"""A clip is taken in with who is in it and by whose leave, or nothing is changed."""

import hashlib
import logging
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from drawn import draw_clip
from faceloom.commands.add import add
from faceloom.errors import FaceloomError
from faceloom.media import pictures
from faceloom.people import Clip, Person
from faceloom.projects import dvc
from faceloom.sheets import sheet


def clips(project: Path) -> dict[str, Clip]:
    return sheet(project / "data/clips.tsv", Clip)


def people(project: Path) -> dict[str, Person]:
    return sheet(project / "data/people.tsv", Person)


def contents(project: Path) -> dict[str, str]:
    """Every file's digest."""
    return {
        str(path.relative_to(project)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (project / "data").rglob("*")
        if path.is_file()
    }


def test_a_clip_is_taken_in(project: Path, take: Path) -> None:
    add(take, person="anna", basis="self")
    assert clips(project)["take_1"] == Clip(
        clip="take_1",
        path="data/clips/take_1.mp4",
        people="anna",
        use="learn",
        origin="Take 1.MP4",
    )
    assert (project / "data/clips/take_1.mp4").read_bytes() == take.read_bytes()
    row = people(project)["anna"]
    assert (row.basis, row.scope, row.expires) == ("self", ("host", "donor", "training"), None)


def test_leave_is_recorded_with_its_evidence(project: Path, take: Path, tmp_path: Path) -> None:
    form = tmp_path / "signed form (1).PDF"
    form.write_text("I agree")
    add(
        take,
        person="anna",
        basis="licensed",
        evidence=form,
        expires=date(2099, 12, 31),
        scope="donor,training",
        name="walk",
        use="judge",
    )
    row = people(project)["anna"]
    mark = hashlib.sha256(b"I agree").hexdigest()
    copy = f"data/evidence/anna-signed_form_1-{mark[:8]}.pdf"
    assert (row.scope, row.expires) == (("donor", "training"), date(2099, 12, 31))
    assert row.evidence == f"{copy} sha256:{mark}"
    assert (project / copy).read_text() == "I agree"
    assert clips(project)["walk"].use == "judge"


def test_a_second_clip_keeps_the_row(project: Path, take: Path, actors: Path) -> None:
    add(take, person="anna", basis="self", scope="host donor")
    before = (project / "data/people.tsv").read_bytes()
    add(actors / "anna.mp4", person="anna")
    add(actors / "anna.mp4", person="anna", name="third", basis="self", scope="donor,host")
    assert (project / "data/people.tsv").read_bytes() == before
    assert list(clips(project)) == ["take_1", "anna", "third"]


@pytest.mark.parametrize(
    ("other", "line"),
    [
        ({"basis": "licensed"}, "anna is on record with basis self; leave that out"),
        ({"scope": "host"}, "anna is on record with scope host, donor, training"),
        ({"expires": date(2099, 1, 1)}, "anna is on record with expires not said"),
    ],
)  # fmt: skip
def test_what_is_on_record_otherwise_is_one_line(
    project: Path, take: Path, actors: Path, other: dict[str, object], line: str
) -> None:
    add(take, person="anna", basis="self")
    before = contents(project)
    with pytest.raises(FaceloomError, match=line):
        add(actors / "anna.mp4", person="anna", **other)
    assert contents(project) == before


def test_leave_is_renewed(project: Path, take: Path, actors: Path) -> None:
    add(take, person="anna", basis="self", scope="host")
    table = project / "data/people.tsv"
    table.write_text(
        table.read_text().replace("\tself\thost\t\t\t", "\tself\thost\t\t\t2020-01-01")
    )
    assert people(project)["anna"].withdrawn
    with pytest.raises(FaceloomError, match="anna has withdrawn on 2020-01-01"):
        add(actors / "anna.mp4", person="anna", basis="self")
    add(actors / "anna.mp4", person="anna", basis="licensed", renew=True)
    row = people(project)["anna"]
    assert (row.basis, row.scope, row.withdrawn) == ("licensed", ("host",), None)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"person": "Anna B"}, "--person Anna B: 'Anna B': a name has only a-z, 0-9 and _"),
        ({"person": "anna"}, "nothing on record for anna; say --basis self, licensed, research"),
        ({"name": "walk 1"}, "'walk 1': a clip's name has only a-z, 0-9 and _; say --name"),
        ({"scope": "host,party"}, "--person anna: scope.1: input should be 'host', 'donor'"),
        ({"expires": date.today() - timedelta(1)}, "that leave has ended; nothing is taken in"),
        ({"evidence": Path("no.pdf")}, "no.pdf: there is no such file"),
    ],
)
def test_what_cannot_be_changes_nothing(
    project: Path, take: Path, said: dict[str, object], line: str
) -> None:
    before = contents(project)
    usual = {} if said == {"person": "anna"} else {"basis": "self"}
    with pytest.raises(FaceloomError) as refused:
        add(take, **{"person": "anna", **usual, **said})
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)
    assert contents(project) == before


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("none.mp4", "none.mp4: there is no such file"),
        ("empty.mp4", "empty.mp4: an empty file"),
        ("text.mp4", "text.mp4: a text file, not a video"),
        ("cut.mp4", "cut.mp4: cut off or damaged: the index of its pictures is missing"),
        ("nobody.mp4", "nobody.mp4: no face in any of 3 pictures looked at"),
    ],
)
def test_what_is_no_clip_of_anybody_changes_nothing(
    project: Path, take: Path, tmp_path: Path, name: str, line: str
) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("to do: film it\n")
    draw_clip(tmp_path / "nobody.mp4", 3, (128, 96))
    whole = (tmp_path / "nobody.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: whole.index(b"moov")])
    before = contents(project)
    with pytest.raises(FaceloomError) as refused:
        add(tmp_path / name, person="anna", basis="self")
    assert line in str(refused.value)
    assert contents(project) == before


def test_nobody_in_it_can_be_taken_anyway(project: Path, tmp_path: Path) -> None:
    draw_clip(tmp_path / "back.mp4", 3)
    add(tmp_path / "back.mp4", person="anna", basis="self", anyway=True)
    assert (project / "data/clips/back.mp4").exists()


def test_two_in_a_clip_are_both_on_record(project: Path, actors: Path) -> None:
    add(actors / "both.mp4", person="anna+ben", basis="self")
    assert clips(project)["both"].people == ("anna", "ben")
    assert list(people(project)) == ["anna", "ben"]


def test_a_name_is_given_once(project: Path, take: Path, actors: Path) -> None:
    add(take, person="anna", basis="self", name="walk")
    with pytest.raises(FaceloomError, match="there is a clip walk already; say another --name"):
        add(actors / "ben.mp4", person="ben", basis="self", name="walk")
    (project / "data/clips/run.mp4").write_text("in the way")
    with pytest.raises(FaceloomError, match=r"run\.mp4: another file is there"):
        add(actors / "ben.mp4", person="ben", basis="self", name="run")
    assert (project / "data/clips/run.mp4").read_text() == "in the way"


def test_what_was_broken_off_is_done_again(project: Path, take: Path) -> None:
    (project / "data/clips/take_1.mp4").write_bytes(take.read_bytes())  # copied, not recorded
    add(take, person="anna", basis="self")
    assert "take_1" in clips(project)


def test_a_clip_that_lies_there_stays_there(project: Path, take: Path) -> None:
    place = project / "data/clips/walk.mp4"
    place.write_bytes(take.read_bytes())
    add(place, person="anna", basis="self")
    assert clips(project)["walk"].path == "data/clips/walk.mp4"


def test_a_clip_is_linked(project: Path, take: Path) -> None:
    add(take, person="anna", basis="self", link=True)
    assert take.samefile(project / "data/clips/take_1.mp4")


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_pictures_are_a_clip(project: Path, take: Path, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "stills.of anna"
    folder.mkdir()
    for picture in pictures(take):
        Image.fromarray(picture.image).save(folder / f"{picture.frame}.png")
    clip = folder
    if kind == "zip":
        clip = tmp_path / "stills.of anna.zip"
        with ZipFile(clip, "w") as archive:
            for path in folder.iterdir():
                archive.write(path, path.name)
    add(clip, person="anna", basis="self")
    row = clips(project)["stills_of_anna"]
    assert row.path == "data/clips/stills_of_anna" + (".zip" if kind == "zip" else "")
    assert len(list(pictures(project / row.path))) == 4


def test_another_project_can_be_named(
    project: Path, take: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    add(Path("Take 1.MP4"), person="anna", basis="self", directory=Path("film"))
    assert "take_1" in clips(project)
    with pytest.raises(FaceloomError, match=r"\.: no project, for there is no config\.yaml in it"):
        add(take, person="anna", basis="self")


def test_research_stays_here(
    project: Path, take: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, ...]] = []

    def dvc_add(*words: str) -> None:
        told.append(words)
        Path(f"{words[-1]}.dvc").write_text("outs:\n- md5: 1\n  path: take_1.mp4\n")

    monkeypatch.setattr(dvc, "dvc", dvc_add)
    (project / ".dvc").mkdir()
    caplog.set_level(logging.INFO)
    assert not dvc.withheld()
    add(take, person="anna", basis="research")
    assert told == [("add", "--quiet", "data/clips/take_1.mp4")]
    assert dvc.withheld()
    pointer = (project / "data/clips/take_1.mp4.dvc").read_text()
    assert pointer == "outs:\n- md5: 1\n  push: false\n  path: take_1.mp4\n"
    assert "results are not pushed from now on" in caplog.text


def test_without_dvc_it_says_so(
    project: Path, take: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    add(take, person="anna", basis="self")
    assert "no DVC here, so data/clips/take_1.mp4 is kept by nobody else" in caplog.text
