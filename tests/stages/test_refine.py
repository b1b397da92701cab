"""refine: every new face beside the one whose place it takes, through one refiner after another."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import faceloom.stages.refine as stage
from commands import answered, command, refused, started
from faceloom.errors import FaceloomError
from faceloom.geometry.similarity import apply
from faceloom.images import decode, encode_png, to_mask
from faceloom.kept import kept
from faceloom.networks.vgg import Vgg
from faceloom.pixels.sharpness import sobel
from faceloom.refiners.touched import Touched
from faceloom.rows.faces import Face
from faceloom.settings import Refine
from faceloom.stages.refine import fingerprint, looked_at, refine
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


def test_what_refiners_took_is_told(tmp_path: Path) -> None:
    spent = tmp_path / "seconds.json"
    settings = Refine.model_validate(["none", {"kind": "sharpen", "radius": 9}])
    out = tmp_path / "out.parquet"
    refine(**tables(tmp_path), refined=out, settings=settings, seconds=spent)
    said = json.loads(spent.read_text())
    assert said["faces"] == len(NEW)
    nothing, sharpened = said["seconds"]
    assert 0 <= nothing < sharpened < 60


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


def test_a_slow_refiner_goes_on_where_it_was(tmp_path: Path) -> None:
    """What was put down is not made again, all else is; the folder goes when it is through."""
    folder = tmp_path / "faces"
    folder.mkdir()
    asked: list[int] = []

    def darker(faces: Iterator[Touched]) -> Iterator[Touched]:
        for face in faces:
            asked.extend([face.frame] if face.done is None else [])
            image = face.image // 2 if face.done is None else face.done
            yield replace(face, image=image, done=None)

    given = tables(tmp_path)
    broken_off = kept(darker, looked_at(**given), folder / "0")
    first = [next(broken_off).image for _ in range(3)]
    broken_off.close()  # type: ignore[attr-defined]
    assert len(list((folder / "0").iterdir())) == 3
    asked.clear()
    again = [each.image for each in kept(darker, looked_at(**given), folder / "0")]
    assert asked == [each.frame for each in NEW[3:]]
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=False))
    assert [each.mean() // 2 for each in again] == [decode(n.image).mean() // 4 for n in NEW]


def test_a_killed_refinement_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    """With faces of another work in its folder, or of this one, the outcome is the same."""
    given, out = tables(tmp_path), tmp_path / "out.parquet"
    vgg = tmp_path / "vgg_normalized.pth"
    torch.manual_seed(0)
    torch.save(Vgg(19, "relu1_1", "max").state_dict(), vgg)
    settings = Refine.model_validate(
        [{"kind": "gatys", "content": {}, "style": {"relu1_1": 1}, "steps": 2, "by": "adam"}]
    )
    refine(**given, refined=out, settings=settings, weights=(vgg,))
    undisturbed = out.read_bytes()
    folder = out.with_suffix(".faces")
    assert not folder.exists()
    for mark in ("another", fingerprint([*given.values(), vgg], settings)):
        (folder / "0").mkdir(parents=True)
        (folder / "fingerprint").write_text(mark)
        found = decode(read(out, Face)[0].image)
        (folder / "0/000000.png").write_bytes(encode_png(found if mark != "another" else found * 0))
        refine(**given, refined=out, settings=settings, weights=(vgg,))
        assert out.read_bytes() == undisturbed
        assert not folder.exists()


def test_a_refinement_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """kill -9 in the middle of a clip: what was put down stays as it is, the rest is as ever."""
    given, out = tables(tmp_path), tmp_path / "out.parquet"
    vgg = tmp_path / "vgg_normalized.pth"
    torch.manual_seed(0)
    torch.save(Vgg(19, "relu1_1", "max").state_dict(), vgg)
    said = [{"kind": "gatys", "content": {}, "style": {"relu1_1": 1}, "steps": 40, "by": "adam"}]
    settings = Refine.model_validate(said)
    child = started("refine", **given, refined=out, settings=settings, weights=(vgg,))
    folder = out.with_suffix(".faces") / "0"
    while child.poll() is None and len(list(folder.glob("*.png"))) < 2:
        time.sleep(0.01)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    there = {file: file.stat().st_mtime_ns for file in folder.glob("*.png")}
    assert 2 <= len(there) < len(NEW)
    assert not out.exists()

    later: dict[Path, int] = {}
    whole = stage.shutil.rmtree

    def looked(path: Path, **how: Any) -> None:
        later.update({file: file.stat().st_mtime_ns for file in path.glob("0/*.png")})
        whole(path, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage.shutil, "rmtree", looked)
        refine(**given, refined=out, settings=settings, weights=(vgg,))
    assert len(later) == len(NEW)
    assert there.items() <= later.items()
    resumed = out.read_bytes()
    refine(**given, refined=out, settings=settings, weights=(vgg,))
    assert out.read_bytes() == resumed


def test_as_a_command_without_faces(tmp_path: Path) -> None:
    given, out = tables(tmp_path, []), tmp_path / "out.parquet"
    done = command("refine", **given, refined=out, settings='["sharpen"]')
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["refine: 0 faces"]
    assert read(out, Face) == []


def test_a_refiner_that_is_none_is_one_line(tmp_path: Path) -> None:
    given, out = tables(tmp_path), tmp_path / "out.parquet"
    done = answered("refine", **given, refined=out, settings='["sharpn"]')
    refused(done, "sharpn", out)
