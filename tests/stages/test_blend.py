"""blend: the inverse of crop, every frame at its time, and a film that says what it is."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from commands import answered, command, refused
from drawn import draw_clip
from faceloom.errors import FaceloomError
from faceloom.geometry.similarity import apply, inverse
from faceloom.images import decode, encode_png, from_mask
from faceloom.media import facts, pictures, times
from faceloom.parts import build
from faceloom.pixels.colour import lab
from faceloom.pixels.masks import dilated, hull
from faceloom.pixels.parsing import LABELS
from faceloom.rows.faces import Face
from faceloom.rows.parsed import Parsed
from faceloom.settings import Blend, Extract
from faceloom.stages.blend import blend, commit, swapped
from faceloom.stages.extract import extract
from faceloom.tables import write
from faces import EMI, Shot, row, shot

LINEAGE = {
    "swap": {"name": "anna_emi", "faces": {"anna": "emi"}},
    "consent": {"anna": "self", "emi": "licensed"},
    "variant": "baseline",
}
# the new face as it is, at once where the mask begins
PLAIN = {"by": {"kind": "feather", "width": 0.0}, "colour": "none", "erode": 0.0}
SHOTS = [shot(n, (70 + 4 * n, 60), turn=3 * n) for n in range(4)]


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / (np.square(one.astype(float) - other).mean() + 1e-9)))


def new_face(host: Shot, frame: int = 0, size: int = 96, **changes: Any) -> Face:
    """Emi's face in that place: drawn there, so that all of its edges are where the host's are."""
    tall = float(np.ptp(host.points[17:, 1])) / 0.56
    drawn = shot(20, tuple(host.points.mean(axis=0)), tall, skin=EMI)
    other = row(Shot(drawn.image, host.points), size=size)
    return row(host, frame, size=size, image=other.image, **changes)


class Case:
    """A clip and new faces for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images = [each.image for each in SHOTS]
        self.faces = [row(each, n, size=128) for n, each in enumerate(SHOTS)]
        self.lineage: dict[str, Any] = dict(LINEAGE)
        self.clip: dict[str, Any] = {}
        self.name = "clip.mp4"

    def given(self) -> dict[str, Any]:
        clip, frames = self.folder / self.name, self.folder / "frames.parquet"
        draw_clip(clip, self.images, **self.clip)
        extract(clip, frames, Extract())
        write(self.folder / "faces.parquet", self.faces, Face)
        return {
            "clip": clip,
            "frames": frames,
            "faces": self.folder / "faces.parquet",
            "lineage": json.dumps(self.lineage),
            "film": self.folder / "film.mp4",
            "sidecar": self.folder / "film.json",
        }

    def made(self, **settings: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
        """The film's pictures, and what the sidecar says."""
        settings = {"quality": 4, "mark": "metadata"} | settings
        blend(**self.given(), settings=Blend.model_validate(settings))
        film = [picture.image for picture in pictures(self.folder / "film.mp4")]
        return film, json.loads((self.folder / "film.json").read_text())


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def laid(
    image: np.ndarray, faces: Sequence[Face], **settings: Any
) -> tuple[np.ndarray, np.ndarray]:
    """A frame with faces in it and where they are, before any encoder sees it."""
    form = Blend.model_validate(PLAIN | settings)
    return swapped(image, list(faces), build(form.by), form)


BLENDERS = ["feather", "pyramid", "poisson"]


@pytest.mark.parametrize("kind", BLENDERS)
@pytest.mark.parametrize("colour", ["none", "lab", "histogram"])
def test_a_hosts_own_face_changes_nothing(case: Case, kind: str, colour: str) -> None:
    for found, face in zip(SHOTS, case.faces, strict=True):
        image, where = laid(found.image, [face], by=kind, colour=colour)
        assert psnr(image, found.image) > 45
        assert np.abs(image.astype(int) - found.image)[where == 0].max() <= (kind == "pyramid")
        assert where.max() == 1


def test_a_film_of_hosts_own_faces_is_the_clip(case: Case) -> None:
    film, _ = case.made()
    assert len(film) == 4
    assert min(psnr(new, old) for new, old in zip(film, case.images, strict=True)) > 38


@pytest.mark.parametrize("kind", ["feather", "poisson"])
def test_outside_the_mask_not_one_pixel_changes(kind: str) -> None:
    host = SHOTS[1]
    image, where = laid(host.image, [new_face(host)], by=kind, colour="lab")
    assert np.array_equal(image[where == 0], host.image[where == 0])
    assert np.abs(image.astype(int) - host.image)[where > 0.9].mean() > 5


def test_a_new_face_is_where_the_hosts_was() -> None:
    host = SHOTS[2]
    image, where = laid(host.image, [new_face(host, size=128)])
    true = hull(host.points, (160, 120))
    assert np.abs(where - true).mean() < 0.01
    skin = shot(20, tuple(host.points.mean(axis=0)), skin=EMI)
    assert psnr(image[where > 0.9], skin.image[where > 0.9]) > 25


def test_two_faces_in_a_frame_are_both_laid_in() -> None:
    one, two = shot(0, (45, 60), 50), shot(0, (115, 60), 50)
    both = Shot(np.hstack([one.image[:, :80], two.image[:, 80:]]), one.points)
    image, where = laid(both.image, [new_face(one), new_face(Shot(both.image, two.points))])
    for each in (one, two):
        x, y = np.rint(each.points[30]).astype(int)
        assert where[y, x] == 1 and image[y, x, 2] > image[y, x, 0]


def test_a_crop_that_ends_inside_the_frame_leaves_no_edge() -> None:
    """A mask may reach its crop's border, as that of a box around a small part of a head does."""
    grey, square = np.full((100, 100, 3), 60, np.uint8), np.ones((40, 40), np.float32)
    face = row(
        shot(),
        matrix=[1.0, 0, -30, 0, 1, -30],
        mask=encode_png(from_mask(square)),
        image=encode_png(np.full((40, 40, 3), 200, np.uint8)),
    )
    feathered = {"kind": "feather", "width": 0.1}
    image, where = laid(grey, [face], by=feathered)
    line = image[50, :, 0].astype(int)
    assert line[50] == 200 and line[29] == 60
    assert np.abs(np.diff(line)).max() < 30
    assert image[49, 31, 0] < 80 and where[50, 50] == 1


@pytest.mark.parametrize("kind", BLENDERS)
@pytest.mark.parametrize("tall", [30, 64, 90])
def test_nobody_sees_where_a_crop_ended(kind: str, tall: float) -> None:
    host = shot(0, tall=tall)
    face = new_face(host)
    image, where = laid(
        host.image, [face], by={"kind": kind, **({"levels": 6} if kind == "pyramid" else {})}
    )
    changed = np.abs(image.astype(int) - host.image).max(axis=2)
    assert changed[where > 0.9].mean() > 5
    corners = apply(inverse(face.affine), np.array([[-0.5, -0.5], [95.5, 95.5]]))
    outside = np.ones_like(changed, bool)
    (left, top), (right, bottom) = np.rint(corners).astype(int).clip(0)
    outside[top:bottom, left:right] = False
    steps = np.maximum(*(np.abs(np.diff(changed, axis=way))[:119, :159] for way in (0, 1)))
    assert steps[outside[:119, :159]].max(initial=0) <= 4


def test_a_face_at_the_frames_edge_fades_only_inwards() -> None:
    host = shot(0, (20, 60))
    image, where = laid(host.image, [new_face(host)], by="feather")
    assert where[60, 0] > 0.9 and image[60, 0, 2] > host.image[60, 0, 2] + 15
    gone = replace(new_face(host), matrix=[1.0, 0, 500, 0, 1, 500])
    image, where = laid(host.image, [gone])
    assert np.array_equal(image, host.image) and where.max() == 0


def test_eroding_makes_the_mask_smaller() -> None:
    face, image = new_face(SHOTS[0]), SHOTS[0].image
    whole, less = (laid(image, [face], erode=share)[1] for share in (0.0, 0.05))
    assert (less <= whole).all()
    reach = 0.05 * 64 / 0.8  # pixels of the frame
    assert np.abs(less - (dilated(1 - whole, round(reach)) < 0.5)).mean() < 0.03


def test_feathering_makes_the_edge_softer() -> None:
    face, image = new_face(SHOTS[0]), SHOTS[0].image
    steps = []
    for width in (0.0, 0.02, 0.05):
        new, _ = laid(image, [face], by={"kind": "feather", "width": width})
        share = np.linalg.norm(new.astype(float) - image, axis=2)[60]
        steps.append(np.abs(np.diff(share)).max())
    assert steps[0] > 1.3 * steps[1] > 1.3 * 1.3 * steps[2]


def test_blenders_differ() -> None:
    made = [laid(SHOTS[0].image, [new_face(SHOTS[0])], by=kind)[0] for kind in BLENDERS]
    for n, one in enumerate(made):
        for other in made[n + 1 :]:
            assert np.abs(one.astype(int) - other).max() > 10


def test_colours_are_brought_to_the_hosts() -> None:
    host, face = SHOTS[0], new_face(SHOTS[0])
    inside = hull(host.points, (160, 120)) > 0.9
    own = lab(host.image)[inside]
    plain, moments, histogram = (
        lab(laid(host.image, [face], colour=kind)[0])[inside]
        for kind in ("none", "lab", "histogram")
    )
    assert np.abs(plain.mean(axis=0) - own.mean(axis=0)).max() > 15
    assert np.abs(moments.mean(axis=0) - own.mean(axis=0)).max() < 3
    widths = [np.ptp(np.quantile(each, (0.1, 0.9), axis=0), axis=0) for each in (moments, own)]
    assert np.abs(widths[0] - widths[1]).max() < 3
    assert np.abs(np.median(histogram, axis=0) - np.median(own, axis=0)).max() < 4
    assert np.abs(histogram - moments).mean() > 0.3


def test_frames_without_a_new_face_stay(case: Case) -> None:
    case.faces = [new_face(SHOTS[2], 2)]
    film, told = case.made()
    changed = [psnr(new, old) < 35 for new, old in zip(film, case.images, strict=True)]
    assert changed == [False, False, True, False]
    assert (told["frames"], told["frames_with_new_face"]) == (4, 1)


def test_uneven_times_are_kept(case: Case) -> None:
    case.clip = {"timebase": Fraction(1, 1000), "ticks": [0, 40, 90, 700]}
    film, _ = case.made()
    assert len(film) == 4
    ours, theirs = times(case.folder / "film.mp4"), times(case.folder / "clip.mp4")
    assert [each.seconds for each in ours] == [Fraction(n, 1000) for n in (0, 40, 90, 700)]
    assert [each.duration for each in ours] == [each.duration for each in theirs]


def test_sound_goes_along(case: Case) -> None:
    assert case.made()[1]["sound"] == "none"
    case.clip = {"sound": "aac", "sound_seconds": 0.2}
    assert case.made()[1]["sound"] == "copied"
    assert facts(case.folder / "film.mp4").sound == "aac"


def test_odd_sizes_are_padded_and_said_to_be(case: Case) -> None:
    found = shot(0, size=(161, 121))
    case.images, case.faces = [found.image] * 2, [row(found, n) for n in range(2)]
    case.name, case.clip = "clip.mkv", {"codec": "ffv1", "pixel_format": "bgr0"}
    film, told = case.made()
    assert told["padding"] == [1, 1] and told["region"] == [0, 0, 161, 121]
    assert film[0].shape == (122, 162, 3)
    assert psnr(film[0][:121, :161], found.image) > 38


@pytest.mark.parametrize(
    ("layout", "left"), [("result", 0), ("side_by_side", 160), ("with_mask", 160)]
)
def test_layouts_show_the_result_where_they_say(case: Case, layout: str, left: int) -> None:
    case.faces = [new_face(each, n) for n, each in enumerate(SHOTS)]
    alone, _ = case.made(**PLAIN)
    film, told = case.made(**PLAIN, layout=layout)
    assert told["layout"] == layout and told["region"] == [left, 0, left + 160, 120]
    for page, result, image in zip(film, alone, case.images, strict=True):
        assert psnr(page[:, left : left + 160], result) > 35
        if left:
            assert psnr(page[:, :152], image[:, :152]) > 38
        if layout == "with_mask":
            mask = page[:, 320:].mean(axis=2) / 255
            _, where = laid(image, [new_face(SHOTS[0])])
            assert set(np.unique((mask > 0.5).astype(int))) == {0, 1}
            assert abs(mask.mean() - where.mean()) < 0.02
    assert film[0].shape[1] == 160 * {"result": 1, "side_by_side": 2, "with_mask": 3}[layout]


@pytest.mark.parametrize(("x", "y", "corner"), [(40, 40, "right below"), (120, 80, "left above")])
@pytest.mark.parametrize("layout", ["result", "side_by_side"])
def test_the_mark_is_in_the_corner_away_from_the_face(
    case: Case, x: float, y: float, corner: str, layout: str
) -> None:
    found = shot(0, (x, y), 40)
    case.images, case.faces = [found.image] * 2, [row(found, n) for n in range(2)]
    film, told = case.made(mark="visible", layout=layout)
    left, top, right, bottom = told["mark"]
    first = told["region"][0]
    places = {"right below": (first + 160, 120), "left above": (first, 0)}
    assert ((right, bottom) if corner == "right below" else (left, top)) == places[corner]
    for page in film:
        badge = page[top:bottom, left:right]
        assert np.median(badge) < 45 and badge.max() > 180  # white words on dark grey
        rest = page[:, first : first + 160].copy()
        rest[top:bottom, left - first : right - first] = found.image[
            top:bottom, left - first : right - first
        ]
        assert psnr(rest, found.image) > 36


def test_without_a_visible_mark_the_container_still_says_it(case: Case) -> None:
    _, told = case.made(mark="metadata")
    assert told["mark"] is None and told["synthetic"] is True
    with av.open(str(case.folder / "film.mp4")) as film:
        said = dict(film.metadata)
    assert said["title"] == "anna_emi (synthetic)"
    assert said["comment"].startswith("synthetic: faces swapped by Faceloom (anna as emi)")
    assert "research" not in said["comment"]
    assert (said["synthetic"], said["consent"]) == ("true", "licensed, self")


def test_research_must_not_leave_the_machine(case: Case) -> None:
    case.lineage["consent"] = {"anna": "research", "emi": "self"}
    case.made()
    with av.open(str(case.folder / "film.mp4")) as film:
        assert film.metadata["comment"].endswith("for research on this machine only")


def test_the_sidecar_says_what_the_film_is_made_of(case: Case) -> None:
    forebear = case.folder / "learnt.pt"
    forebear.write_bytes(b"weights")
    given = case.given()
    blend(**given, forebears=(forebear,), settings=Blend())
    told = json.loads(given["sidecar"].read_text())

    def sha256(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    assert told["film"] == {"name": "film.mp4", "sha256": sha256(given["film"])}
    assert told["inputs"] == {str(p): sha256(p) for p in (given["clip"], given["faces"], forebear)}
    assert {name: told[name] for name in LINEAGE} == LINEAGE
    assert told["commit"] == commit() and told["made_by"].startswith("faceloom ")


def test_the_same_again(case: Case) -> None:
    film = case.folder / "film.mp4"
    made = [case.made() and film.read_bytes() for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize("count", [3, 5])
def test_a_clip_of_another_length_is_told(case: Case, count: int) -> None:
    case.faces = case.faces[:1]
    given = case.given()
    draw_clip(given["clip"], [SHOTS[0].image] * count)
    with pytest.raises(FaceloomError, match=r"clip\.mp4: .* has it been changed\?"):
        blend(**given, settings=Blend())
    assert not given["film"].exists() and not given["sidecar"].exists()


def test_a_face_beyond_the_end_is_told(case: Case) -> None:
    case.faces.append(row(SHOTS[0], 4))
    with pytest.raises(FaceloomError, match=r"faces\.parquet: .* frame 4"):
        case.made()


def test_lineage_that_is_no_json_is_told(case: Case) -> None:
    with pytest.raises(FaceloomError, match="--lineage: "):
        blend(**case.given() | {"lineage": "{swap: x}"}, settings=Blend())


def test_as_a_command(case: Case) -> None:
    given = case.given()
    done = command("blend", **given, forebears=(), settings=Blend(quality=30))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["blend: 4 frames, sound none"]
    assert len(list(pictures(given["film"]))) == 4


def test_no_face_to_lay_in_as_a_command(case: Case) -> None:
    case.faces = []
    given = case.given()
    done = answered("blend", **given, settings=Blend(mark="metadata"))
    refused(done, "faces.parquet: no face to lay in", given["film"])
    assert not given["sidecar"].exists()


def parses(case: Case, hidden: slice) -> Path:
    """A parsing of its faces in which something is before these columns of the crop."""
    rows = []
    for face in case.faces:
        labels = np.full(decode(face.mask).shape, LABELS.index("skin"), np.uint8)
        labels[:, hidden] = LABELS.index("occluder")
        whole = encode_png(np.full(labels.shape, 255, np.uint8))
        rows.append(Parsed("unet", face.clip, face.person, face.frame, face.track,
                           encode_png(labels), whole))  # fmt: skip
    write(case.folder / "parsed.parquet", rows, Parsed)
    return case.folder / "parsed.parquet"


def test_what_is_before_a_face_stays_before_the_new_one(case: Case) -> None:
    case.faces = [new_face(each, n, size=128) for n, each in enumerate(SHOTS)]
    parsed = parses(case, slice(0, 64))
    form = Blend.model_validate({**PLAIN, "quality": 1, "mark": "metadata", "occlusion": {}})
    blend(**case.given(), settings=form, parsed=(parsed,))
    for number, picture in enumerate(pictures(case.folder / "film.mp4")):
        host, face = SHOTS[number].image, case.faces[number]
        back = inverse(face.affine)
        places = {side: np.rint(apply(back, np.array([[x, 64.0]])))[0].astype(int)
                  for side, x in (("hidden", 40), ("seen", 88))}  # fmt: skip
        apart = {
            side: np.abs(picture.image[y, x].astype(int) - host[y, x]).max()
            for side, (x, y) in places.items()
        }
        assert apart["hidden"] < 12, number
        assert apart["seen"] > 20, number


def test_a_parsing_that_is_wanted_and_not_given_is_asked_for(case: Case) -> None:
    with pytest.raises(FaceloomError, match="give the table with --parsed"):
        case.made(occlusion={})
    assert not (case.folder / "film.mp4").exists()
