"""convert: the faces of those who are swapped, and of nobody else, with what takes their place."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import torch

from commands import answered, command, refused
from faceloom.converters.host import Host
from faceloom.errors import FaceloomError
from faceloom.geometry.similarity import apply
from faceloom.images import decode, encode_png, to_mask
from faceloom.networks.vgg import Vgg
from faceloom.pixels.parsing import LABELS
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.rows.facts import Measured
from faceloom.rows.parsed import Parsed
from faceloom.settings import Composite, Convert, Generated, Transfer
from faceloom.settings.films import Lookalikes
from faceloom.stages import convert as stage
from faceloom.stages.convert import convert
from faceloom.tables import read, write
from faceloom.training.checkpoint import Checkpoint
from faces import ANNA, EMI, fact, identity, kept, row, shot
from painters import checkpoint, painted, saved

AXES = {"anna": 0, "emi": 1, "zoe": 2}
SKINS = {"anna": ANNA, "emi": EMI, "zoe": (90, 160, 90)}
ON = {0: "emi", 1: "zoe", 2: "anna"}  # who is on which track


def duet(count: int = 3) -> list[Face]:
    """A clip of anna and emi, with zoe walking by."""
    both = {"clip": "duet", "person": "anna+emi"}
    return [
        row(shot(n, turn=3 * track, skin=SKINS[who]), n, track, bridged=n == 1, **both)
        for n in range(count)
        for track, who in ON.items()
    ]


def learnt(person: str, count: int = 3) -> list[Face]:
    """A clip of one person, to be learnt from; the brighter the later."""
    rows = [row(shot(), n, clip=f"{person}_learn", person=person) for n in range(count)]
    level = {"anna": 40, "emi": 140, "zoe": 220}[person]
    return [
        replace(face, image=encode_png(np.full((64, 64, 3), level + 10 * n, np.uint8)))
        for n, face in enumerate(rows)
    ]


class Case:
    """What convert is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faces = duet()
        self.settings: Convert = Generated()
        self.pairs = ("anna=emi", "emi=anna")
        self.generators = [checkpoint()]
        self.poses = [fact("pose", face, 0, 0, 0) for face in self.faces]

    def facts(self) -> list[Measured]:
        known = [identity(face, AXES[ON[face.track]]) for face in self.faces]
        for person, axis in AXES.items():
            known += [identity(face, axis) for face in learnt(person)]
            yaws = enumerate(learnt(person))
            known += [fact("pose", face, 10 * n, 0, 0) for n, face in yaws]
        return known + self.poses

    def given(self) -> dict[str, Any]:
        write(self.folder / "faces.parquet", self.faces, Face)
        write(self.folder / "facts.parquet", self.facts(), Measured)
        said = {"faces": self.folder / "faces.parquet", "facts": (self.folder / "facts.parquet",)}
        return said | {"pairs": self.pairs, "swapped": self.folder / "new.parquet"}

    def painters(self) -> dict[str, Any]:
        paths = [self.folder / f"{n}.pt" for n in range(len(self.generators))]
        return {"generators": tuple(map(saved, paths, self.generators))}

    def views(self) -> dict[str, Any]:
        tables, choices = [], []
        for person in AXES:
            rows = learnt(person)
            write(self.folder / f"{person}.parquet", rows, Face)
            write(self.folder / f"{person}.choices.parquet", kept(*rows), Choice)
            tables.append(self.folder / f"{person}.parquet")
            choices.append(self.folder / f"{person}.choices.parquet")
        return {"views": tuple(tables), "choices": tuple(choices)}

    def new(self, **more: Any) -> list[Face]:
        convert(**self.given(), **(more or self.painters()), settings=self.settings)
        return read(self.folder / "new.parquet", Face)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def as_host(face: Face, donor: str) -> Host:
    points = apply(face.affine, face.points)
    who = ON[face.track]
    return Host(who, donor, face.track, decode(face.image), to_mask(decode(face.mask)), points)


def apart(face: Face, known: Checkpoint, host: Face, donor: str) -> float:
    """How far a picture is from what a checkpoint makes of that host as that donor."""
    return float(np.abs(decode(face.image) - painted(known, as_host(host, donor))).mean())


def test_both_people_of_a_clip_become_each_other_and_whoever_walks_by_stays(case: Case) -> None:
    new = case.new()
    hosts = [face for face in case.faces if face.track != 1]
    assert [face.key for face in new] == [face.key for face in hosts]
    assert [face.person for face in new] == ["emi", "anna"] * 3
    for face, host in zip(new, hosts, strict=True):
        donor = {"anna": "emi", "emi": "anna"}[face.person]
        assert apart(face, case.generators[0], host, donor) < 0.6
        assert face.mask == host.mask
        for same in ("clip", "bridged", "width", "height", "landmarks", "matrix"):
            assert getattr(face, same) == getattr(host, same)


def test_only_hosts_are_replaced(case: Case) -> None:
    case.pairs = ("anna=emi",)
    assert [face.key for face in case.new()] == [("duet", n, 2) for n in range(3)]
    case.pairs = ("zoe=emi",)  # who is in the clip but not named as one of its people
    assert case.new() == []


def test_two_pairs_with_a_generator_each(case: Case) -> None:
    case.pairs = ("anna=zoe", "emi=kim")
    case.generators = [checkpoint(("emi", "kim"), 3), checkpoint(("anna", "zoe"), 4)]
    hosts = [face for face in case.faces if face.track != 1]
    for face, host in zip(case.new(), hosts, strict=True):
        number, donor = (0, "kim") if face.person == "emi" else (1, "zoe")
        assert apart(face, case.generators[number], host, donor) < 0.6


@pytest.mark.parametrize("batch", [1, 4])
def test_a_host_whom_nobody_has_learnt_looks_the_same_whatever_the_batch(
    case: Case, batch: int
) -> None:
    case.generators, case.pairs = [checkpoint(("zoe", "emi"), 3)], ("anna=emi",)
    for n, face in enumerate(case.faces):  # it grows darker
        darker = np.rint(decode(face.image) * (1 - 0.3 * (n // 3))).astype(np.uint8)
        case.faces[n] = replace(face, image=encode_png(darker))
    one = case.new()
    case.settings = Generated(batch=batch)
    for face, other in zip(one, case.new(), strict=True):
        assert np.abs(decode(face.image).astype(int) - decode(other.image)).max() <= 3


@pytest.mark.parametrize("kind", ["pose", "mesh_pose"])
def test_a_composite_shows_the_donors_nearest_view(case: Case, kind: str) -> None:
    case.settings = Composite(hold=0, mouth=0, shape=0)
    case.poses = [fact(kind, face, 6 * face.frame, 0, 0) for face in case.faces]
    new = case.new(**case.views())
    assert [face.key for face in new] == [f.key for f in case.faces if f.track != 1]
    # yaws of 0, 6 and 12 beside views of 0, 10 and 20
    levels = [round(float(decode(face.image).mean())) for face in new]
    assert levels == [40, 140, 50, 150, 50, 150]


def test_what_is_painted_may_lean_on_the_donors_chosen_faces(case: Case) -> None:
    plain = case.new()
    case.settings = Generated(lookalikes=Lookalikes(k=1, share=1.0))
    leaning = case.new(**case.painters(), **case.views())
    # all hosts of a donor are painted by the code of one of the three views that there are
    assert len({face.image for face in leaning if face.person == "anna"}) < 3
    assert [face.image for face in leaning] != [face.image for face in plain]


def transferred(case: Case, **more: Any) -> list[Face]:
    """The clip's faces in the style of the donors', by a network that knows nothing."""
    torch.manual_seed(0)
    vgg = case.folder / "vgg_normalized.pth"
    torch.save(Vgg(19, "relu1_1", "max").state_dict(), vgg)
    layers = {"content": {"relu1_1": 1.0}, "style": {"relu1_1": 1.0}}
    by = {
        "kind": "patches",
        **layers,
        "phases": 1,
        "steps": 2,
        "by": "adam",
        "rate": 0.2,
        "colours": False,
    }
    case.settings = Transfer.model_validate({"by": by})
    return case.new(**case.views(), weights=(vgg,), **more)


def parsings(case: Case) -> tuple[Path, ...]:
    """What all crops show: the left half hair, the right half skin."""
    labels = np.full((64, 64), LABELS.index("hair"), np.uint8)
    labels[:, 32:] = LABELS.index("skin")
    faces = [*case.faces, *(face for person in AXES for face in learnt(person))]
    rows = [
        Parsed("unet", f.clip, f.person, f.frame, f.track, encode_png(labels), b"") for f in faces
    ]
    write(case.folder / "parsed.parquet", rows, Parsed)
    return (case.folder / "parsed.parquet",)


def test_a_transfer_takes_content_from_the_host_and_style_from_the_donor(case: Case) -> None:
    new = transferred(case, parsed=parsings(case))
    hosts = [face for face in case.faces if face.track != 1]
    assert [face.key for face in new] == [face.key for face in hosts]
    for face, host in zip(new, hosts, strict=True):
        before, after = decode(host.image).astype(float), decode(face.image).astype(float)
        style = {"anna": 140, "emi": 40}[face.person]  # of the donor's views, the darkest
        assert abs(after.mean() - style) < abs(before.mean() - style)
        assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.5
        assert face.mask == host.mask


def test_a_transfer_that_was_broken_off_goes_on_where_it_was(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed, marks = parsings(case), []
    written = stage.own_folder

    def noted(folder: Path, mark: str) -> Path:
        marks.append(mark)
        return written(folder, mark)

    monkeypatch.setattr(stage, "own_folder", noted)
    undisturbed = transferred(case, parsed=parsed)
    folder = case.folder / "new.faces"
    assert not folder.exists()
    black = encode_png(np.zeros_like(decode(undisturbed[0].image)))
    for mark, first in (("another", undisturbed[0].image), (marks[0], black)):
        (folder / "0").mkdir(parents=True)
        (folder / "fingerprint").write_text(mark)
        (folder / "0/000000.png").write_bytes(black)
        new = transferred(case, parsed=parsed)
        assert new[0].image == first
        # each of a clip's faces goes on from the one before, so the second is another's track
        assert new[1].image == undisturbed[1].image
        assert not folder.exists()


def test_a_transfer_by_painted_maps_wants_both(case: Case) -> None:
    colours = np.zeros((120, 160, 3), np.uint8)
    colours[:, 80:] = 255
    files = {}
    for clip in ("duet", "anna_learn", "emi_learn", "zoe_learn"):
        files[clip] = case.folder / f"{clip}_sem.zip"
        with ZipFile(files[clip], "w") as file:
            for number in range(3):
                file.writestr(f"{number}.png", encode_png(colours))
    words = tuple(f"{clip}={file}" for clip, file in files.items())
    assert len(transferred(case, painted=words)) == 6
    with pytest.raises(FaceloomError, match="emi_learn: nobody has painted its map"):
        transferred(case, painted=tuple(word for word in words if "emi" not in word))


def test_only_chosen_views_are_shown(case: Case) -> None:
    case.settings = Composite(hold=0, mouth=0, shape=0)
    views = case.views()
    rows = [Choice(*face.key, face.frame == 2, "") for face in learnt("emi")]
    write(views["choices"][1], rows, Choice)
    case.pairs = ("anna=emi",)
    assert {round(float(decode(f.image).mean())) for f in case.new(**views)} == {160}


def test_views_without_a_pose_are_named(case: Case) -> None:
    case.settings = Composite()
    views = case.views()
    stranger = row(shot(), 7, clip="emi_learn", person="emi")
    write(views["views"][1], [stranger], Face)
    write(views["choices"][1], kept(stranger), Choice)
    with pytest.raises(FaceloomError, match="emi_learn: no pose of frame 7"):
        case.new(**views)


def test_as_a_command(case: Case) -> None:
    given = case.given() | case.painters()
    done = command("convert", **given, settings=case.settings)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["convert: 6 of 9 faces replaced"]
    assert len(read(given["swapped"], Face)) == 6


def test_an_empty_table_as_a_command(case: Case) -> None:
    case.faces, case.poses, case.settings = [], [], Composite()
    given = case.given() | case.views()
    done = answered("convert", **given, settings=case.settings)
    refused(done, "faces.parquet: no face in it", given["swapped"])
