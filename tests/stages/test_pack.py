"""pack: what unpack has written comes back, as it was or as a person has changed it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest
from PIL import Image

from commands import answered, command, refused
from drawn import draw_pictures, draw_zip
from faceloom.errors import FaceloomError
from faceloom.geometry.landmarks import outer_eye_distance
from faceloom.images import decode, encode_png, save_picture
from faceloom.media import pictures
from faceloom.rows.faces import Face
from faceloom.stages.pack import pack
from faceloom.stages.unpack import unpack
from faceloom.tables import read, write
from faces import EMI, row, shot

ROOT = Path(__file__).parents[2]
TASK = ROOT / "resources/weights/face_landmarker.task"
needs_weights = pytest.mark.skipif(not TASK.exists(), reason="the weights are not there")

FACES = [row(shot(n, turn=5 * n), 3 * n, n % 2, bridged=n == 1) for n in range(4)]
FACES += [row(shot(n, skin=EMI), n, clip="sing", person="emi") for n in range(2)]


@pytest.fixture(params=["crops", "crops.zip"])
def crops(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Unpacked faces, in a folder or a zip."""
    write(tmp_path / "before.parquet", FACES, Face)
    unpack(tmp_path / "before.parquet", tmp_path / request.param)
    return Path(tmp_path / request.param)


def packed(crops: Path, **said: str) -> list[Face]:
    out = crops.with_name("after.parquet")
    pack(crops, out, **said)  # type: ignore[arg-type]
    return read(out, Face)


def changed(crops: Path, name: str, data: bytes | None) -> None:
    """Put other bytes, or none, under that name."""
    if crops.is_dir():
        (crops / name).unlink() if data is None else (crops / name).write_bytes(data)
        return
    with ZipFile(crops) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    files[name] = data or b""
    with ZipFile(crops, "w") as archive:
        for each, content in files.items():
            if content:
                archive.writestr(each, content)


def test_what_was_unpacked_comes_back_whole(crops: Path) -> None:
    assert packed(crops) == FACES


def test_a_table_without_faces_comes_back_too(tmp_path: Path) -> None:
    write(tmp_path / "before.parquet", [], Face)
    unpack(tmp_path / "before.parquet", tmp_path / "crops")
    assert packed(tmp_path / "crops") == []


def test_a_changed_picture_arrives(crops: Path) -> None:
    green = np.full((64, 64, 3), (10, 200, 20), np.uint8)
    changed(crops, "walk-000003-1.png", encode_png(green))
    after = packed(crops)
    assert np.array_equal(decode(after[1].image), green)
    assert replace(after[1], image=FACES[1].image) == FACES[1]
    assert after[:1] + after[2:] == FACES[:1] + FACES[2:]


@pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
def test_a_picture_saved_in_another_mode_is_still_a_picture(crops: Path, mode: str) -> None:
    data = BytesIO()
    Image.fromarray(decode(FACES[0].image)).convert(mode).save(data, "PNG")
    changed(crops, "walk-000000-0.png", data.getvalue())
    assert decode(packed(crops)[0].image).shape == (64, 64, 3)


def test_a_changed_mask_arrives_whatever_its_mode(crops: Path) -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[20:40, 20:40] = 255
    coloured = np.repeat(mask[..., None], 3, axis=2)
    changed(crops, "masks/walk-000000-0.png", encode_png(coloured))
    assert np.array_equal(decode(packed(crops)[0].mask), mask)


@pytest.mark.parametrize("name", ["walk-000003-1.png", "masks/walk-000003-1.png"])
def test_a_removed_picture_is_left_out(
    crops: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    changed(crops, name, None)
    with caplog.at_level("INFO"):
        assert packed(crops) == FACES[:1] + FACES[2:]
    assert f"{name} is gone" in caplog.text and "5 faces" in caplog.text


def test_a_picture_of_another_size_is_told(crops: Path) -> None:
    large = cv2.resize(decode(FACES[0].image), (128, 128))
    changed(crops, "walk-000000-0.png", encode_png(large))
    with pytest.raises(FaceloomError, match="walk-000000-0.png: 128x128 pixels, its mask 64x64"):
        packed(crops)
    assert not crops.with_name("after.parquet").exists()


def test_a_broken_picture_is_named(crops: Path) -> None:
    changed(crops, "sing-000001-0.png", FACES[0].image[:200])
    with pytest.raises(FaceloomError, match="sing-000001-0.png: "):
        packed(crops)


def test_a_list_that_lacks_a_column_is_told(crops: Path) -> None:
    changed(crops, "faces.tsv", b"picture\tclip\nwalk-000000-0.png\twalk\n")
    with pytest.raises(FaceloomError, match="faces.tsv: no column mask, person"):
        packed(crops)


def test_a_list_with_a_word_for_a_number_is_told(tmp_path: Path) -> None:
    write(tmp_path / "before.parquet", FACES[:1], Face)
    unpack(tmp_path / "before.parquet", tmp_path / "crops")
    said = (tmp_path / "crops/faces.tsv").read_text().replace("\t160\t", "\twide\t")
    (tmp_path / "crops/faces.tsv").write_text(said)
    with pytest.raises(FaceloomError, match="faces.tsv: walk-000000-0.png: .*wide"):
        packed(tmp_path / "crops")


def test_bare_crops_need_a_person_and_weights(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "crops", ["1.png"], (64, 64))
    with pytest.raises(FaceloomError, match="no faces.tsv in it; say who is on them"):
        packed(tmp_path / "crops")
    with pytest.raises(FaceloomError, match="face_landmarker.task"):
        packed(tmp_path / "crops", person="anna")


@needs_weights
@pytest.mark.parametrize("name", ["", "walk"])
def test_bare_crops_get_landmarks_of_their_largest_face(tmp_path: Path, name: str) -> None:
    boris = next(pictures(ROOT / "data/demo/boris.mp4")).image
    empty = np.full_like(boris, 90)
    with_another = boris.copy()
    with_another[:96, :96] = cv2.resize(boris, (96, 96), interpolation=cv2.INTER_AREA)
    (tmp_path / "snaps").mkdir()
    for number, image in enumerate((boris, empty, with_another)):
        save_picture(tmp_path / f"snaps/{number}.png", image)
    draw_zip(tmp_path / "snaps.zip", tmp_path / "snaps")
    out = tmp_path / "faces.parquet"
    pack(tmp_path / "snaps.zip", out, "boris", name, (TASK,))
    one, two = read(out, Face)
    assert (one.clip, one.person, one.frame, two.frame) == (name or "snaps", "boris", 0, 2)
    assert np.array_equal(decode(one.image), boris)
    assert (one.width, one.height, one.bridged) == (256, 256, False)
    for face in (one, two):
        assert outer_eye_distance(face.points) > 40  # the large one's
        assert np.allclose(face.affine, np.eye(3)[:2])
        x, y = np.rint(face.points[30]).astype(int)
        assert decode(face.mask)[y, x] == 255 and decode(face.mask)[0, 0] == 0


@needs_weights
def test_pictures_without_a_face_and_pictures_that_are_no_crops_are_told(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "crops", ["1.png"], (64, 64))
    with pytest.raises(FaceloomError, match="crops: no face in any picture"):
        pack(tmp_path / "crops", tmp_path / "out.parquet", "anna", "", (TASK,))
    draw_pictures(tmp_path / "wide", ["1.png"], (64, 48))
    with pytest.raises(FaceloomError, match="wide: .*64x48.* square"):
        pack(tmp_path / "wide", tmp_path / "out.parquet", "anna", "", (TASK,))
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("name", ["none", "none.zip"])
def test_what_is_not_there_or_no_zip_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(FaceloomError, match=f"{name}: there is no such"):
        packed(tmp_path / name, person="anna")
    (tmp_path / "film.mp4").write_bytes(b"no film")
    with pytest.raises(FaceloomError, match="film.mp4: neither a folder nor a zip"):
        packed(tmp_path / "film.mp4", person="anna")


def test_as_a_command(tmp_path: Path) -> None:
    write(tmp_path / "before.parquet", FACES, Face)
    unpack(tmp_path / "before.parquet", tmp_path / "crops")
    out = tmp_path / "after.parquet"
    done = command("pack", crops=tmp_path / "crops", faces=out)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["pack: 6 faces"]
    assert read(out, Face) == FACES


def test_bare_crops_of_nobody_as_a_command(tmp_path: Path) -> None:
    draw_pictures(tmp_path / "crops", ["1.png"])
    out = tmp_path / "after.parquet"
    refused(answered("pack", crops=tmp_path / "crops", faces=out), "say who is on them", out)
