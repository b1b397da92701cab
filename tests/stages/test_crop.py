"""crop: what a matrix says is what a crop shows, and no face of a clip is lost."""

from pathlib import Path

import numpy as np
import pytest

from commands import answered, command, refused
from drawn import draw_clip
from faceloom.errors import FaceloomError
from faceloom.geometry.boxes import enclosing
from faceloom.geometry.landmarks import CANONICAL, INNER
from faceloom.geometry.similarity import apply
from faceloom.images import decode, to_mask
from faceloom.rows.faces import Face
from faceloom.rows.sightings import Sighting
from faceloom.settings import Crop
from faceloom.stages.crop import crop
from faceloom.tables import read, write
from faces import ANNA, EMI, Shot, shot

KINDS = ["aligned", "box"]
NOSE = 30


def sighting(found: Shot, frame: int = 0, track: int = 0, bridged: bool = False) -> Sighting:
    box, points = enclosing(found.points).tolist(), found.points.ravel().tolist()
    return Sighting(frame, track, box, points, bridged)


def cropped(
    folder: Path, frames: list[np.ndarray], rows: list[Sighting], **settings: object
) -> list[Face]:
    draw_clip(folder / "clip.mkv", frames, codec="ffv1", pixel_format="bgr0")
    write(folder / "seen.parquet", rows, Sighting)
    out = folder / "faces.parquet"
    crop(folder / "clip.mkv", folder / "seen.parquet", "walk", "anna", out, Crop(**settings))
    return read(out, Face)


def dot(size: tuple[int, int], place: np.ndarray, wide: float) -> np.ndarray:
    """A soft white dot on black."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    light = 250 * np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * wide**2))
    return np.repeat(np.rint(light).astype(np.uint8)[..., None], 3, axis=2)


def brightest(image: np.ndarray) -> np.ndarray:
    """The light's centre of gravity, x and y."""
    light = image[..., 1].astype(float)
    y, x = np.indices(light.shape)
    return np.array([(x * light).sum(), (y * light).sum()]) / light.sum()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("turn", [0, 25])
@pytest.mark.parametrize("size", [48, 64, 200])
def test_a_landmark_is_seen_where_the_matrix_says(
    tmp_path: Path, kind: str, turn: float, size: int
) -> None:
    found = shot(middle=(83.3, 57.6), tall=60.5, turn=turn)
    frame = dot((160, 120), found.points[NOSE], wide=3)
    (face,) = cropped(tmp_path, [frame], [sighting(found)], kind=kind, size=size)
    picture = decode(face.image)
    assert picture.shape == (size, size, 3) and decode(face.mask).shape == (size, size)
    there = apply(face.affine, face.points)[NOSE]
    assert np.abs(brightest(picture) - there).max() < 0.1


def test_an_aligned_face_is_upright_and_at_its_place(tmp_path: Path) -> None:
    found = shot(turn=30, tall=50)
    (face,) = cropped(tmp_path, [found.image], [sighting(found)], size=100, coverage=0.7)
    there = apply(face.affine, face.points)[list(INNER)]
    assert np.allclose(there, (CANONICAL[list(INNER)] - 0.5) * 70 + 49.5, atol=1e-3)


def test_a_box_is_not_turned_and_takes_its_share(tmp_path: Path) -> None:
    found = shot(turn=30, tall=50)
    rows = [sighting(found)]
    (face,) = cropped(tmp_path, [found.image], rows, kind="box", size=100, coverage=0.7)
    assert face.affine[0, 1] == face.affine[1, 0] == 0
    box = apply(face.affine, np.array(rows[0].box).reshape(2, 2))
    assert (box[1] - box[0]).max() == pytest.approx(70, abs=1e-3)
    assert np.allclose(box.mean(axis=0), 49.5, atol=1e-3)


def test_the_mask_covers_the_face_and_nothing_else(tmp_path: Path) -> None:
    found = shot(turn=-20, skin=ANNA)
    (face,) = cropped(tmp_path, [found.image], [sighting(found)], size=96)
    picture, mask = decode(face.image).astype(float), to_mask(decode(face.mask))
    skin = np.linalg.norm(picture / picture.sum(2, keepdims=True) - np.array(ANNA) / 475, axis=2)
    assert np.median(skin[mask > 0.9]) < 0.05 < np.median(skin[mask < 0.1])
    x, y = np.rint(apply(face.affine, face.points)).astype(int)[17:].T
    assert (mask[y, x] > 0.9).all()
    assert mask[0].max() == mask[-1].max() == mask[:, 0].max() == mask[:, -1].max() == 0


def test_how_much_forehead_can_be_told(tmp_path: Path) -> None:
    found = shot()
    low, high = (
        to_mask(decode(cropped(tmp_path, [found.image], [sighting(found)], forehead=f)[0].mask))
        for f in (0, 0.35)
    )
    assert (high >= low).all() and 1.15 < high.sum() / low.sum() < 1.6


def test_every_sighting_has_its_row(tmp_path: Path) -> None:
    one, two = shot(middle=(45, 60), tall=50), shot(middle=(115, 60), tall=50, skin=EMI)
    both = np.hstack([one.image[:, :80], two.image[:, 80:]])
    rows = [
        sighting(one, 1, 0),
        sighting(two, 1, 4),
        sighting(two, 2, 4, bridged=True),
        sighting(one, 4, 1),
    ]
    faces = cropped(tmp_path, [both] * 6, rows, size=40)
    assert [(f.frame, f.track, f.bridged) for f in faces] == [
        (1, 0, False),
        (1, 4, False),
        (2, 4, True),
        (4, 1, False),
    ]
    assert {(f.clip, f.person, f.width, f.height) for f in faces} == {("walk", "anna", 160, 120)}
    assert [f.landmarks for f in faces] == [r.landmarks for r in read_back(rows)]
    red = [decode(face.image)[20, 20, 0] > decode(face.image)[20, 20, 2] for face in faces]
    assert red == [True, False, False, True]


def read_back(rows: list[Sighting]) -> list[Sighting]:
    """With numbers as a table holds them."""
    return [
        Sighting(r.frame, r.track, r.box, np.float32(r.landmarks).astype(float).tolist(), r.bridged)
        for r in rows
    ]


def test_a_face_half_outside_the_frame_is_cut_out_as_far_as_it_goes(tmp_path: Path) -> None:
    found = shot(middle=(5, 60))
    (face,) = cropped(tmp_path, [found.image], [sighting(found)])
    assert decode(face.image).shape == (256, 256, 3)


def test_no_face_at_all_is_one_line_that_says_what_to_try(tmp_path: Path) -> None:
    with pytest.raises(FaceloomError, match=r"clip\.mkv: no face in any frame;.*upsample: 1"):
        cropped(tmp_path, [shot().image], [])
    assert not (tmp_path / "faces.parquet").exists()


def test_a_clip_that_has_become_shorter_loses_no_face_in_silence(tmp_path: Path) -> None:
    found = shot()
    with pytest.raises(FaceloomError, match="frame 3"):
        cropped(tmp_path, [found.image] * 3, [sighting(found, 1), sighting(found, 3)])
    assert not (tmp_path / "faces.parquet").exists()


def test_as_a_command(tmp_path: Path) -> None:
    found = shot()
    draw_clip(tmp_path / "clip.mp4", [found.image] * 2)
    write(tmp_path / "seen.parquet", [sighting(found, 0), sighting(found, 1, 0, True)], Sighting)
    given = {"clip": tmp_path / "clip.mp4", "sightings": tmp_path / "seen.parquet"}
    out = tmp_path / "faces.parquet"
    done = command("crop", **given, name="walk", people="anna", faces=out, settings=Crop(size=64))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["crop: 2 faces, 1 of them bridged"]
    assert [face.frame for face in read(out, Face)] == [0, 1]


def test_an_empty_table_as_a_command(tmp_path: Path) -> None:
    draw_clip(tmp_path / "clip.mp4", 2)
    write(tmp_path / "seen.parquet", [], Sighting)
    given = {"clip": tmp_path / "clip.mp4", "sightings": tmp_path / "seen.parquet"}
    out = tmp_path / "faces.parquet"
    done = answered("crop", **given, name="walk", people="anna", faces=out, settings=Crop())
    refused(done, "clip.mp4: no face in any frame", out)
