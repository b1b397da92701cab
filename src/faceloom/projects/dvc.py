"""DVC in a project: asked to keep clips, and to keep to itself what must not leave the machine."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from ..errors import FaceloomError
from ..tables import write_text

FOLDER = Path(".dvc")
CONFIG = FOLDER / "config"
STAGES = Path("dvc.yaml")
SETTINGS = {
    "core": {"analytics": "false", "autostage": "true"},
    "cache": {"type": '"reflink,copy"'},  # never a link: who edits the file would edit the cache
}


def dvc(*words: str) -> None:
    """Have DVC do something; FaceloomError with its last word where it does not."""
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DVC_NO_ANALYTICS": "1"},
    )
    if done.returncode:
        last = ((done.stderr + done.stdout).strip().splitlines() or ["no word of why"])[-1]
        raise FaceloomError(f"dvc {words[0]}: {last.removeprefix('ERROR: ')}")


def begin() -> None:
    """Set up DVC in the project that is worked in, with git where git keeps it."""
    dvc("init", "--quiet", *kept_by_git())
    said = settings()
    for section, values in SETTINGS.items():
        said.read_dict({section: values})
    with CONFIG.open("w", encoding="utf-8") as file:
        said.write(file)


def settings() -> configparser.ConfigParser:
    """The project's DVC settings, those of this machine last."""
    said = configparser.ConfigParser(interpolation=None)
    said.read([CONFIG, FOLDER / "config.local"], encoding="utf-8")
    return said


def kept_by_git() -> list[str]:
    """How DVC is told whether git keeps this folder, or one above it."""
    if Path(".git").exists():
        return []
    return ["--subdir"] if git("rev-parse", "--show-prefix") and not git_ignores() else ["--no-scm"]


def git_ignores() -> bool:
    """Whether git keeps a folder above, but not this one."""
    return bool(git("check-ignore", "."))


def git(*words: str) -> str:
    """What git answers; nothing where there is no git, or none of its repositories."""
    try:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def in_use() -> bool:
    """Whether DVC is set up in the project that is worked in."""
    return FOLDER.is_dir()


def keep(path: Path, *, private: bool) -> None:
    """Put a file or folder into DVC's cache; a private one is never pushed.

    Raises:
        FaceloomError: with DVC's last word, where it refuses.
    """
    dvc("add", "--quiet", str(path))
    if private:
        unpushed(pointer(path))


def pointer(path: Path) -> Path:
    """The small file that stands for one that DVC keeps."""
    return path.with_name(f"{path.name}.dvc")


def unpushed(told: Path) -> None:
    """Have DVC never push the one output that a pointer names."""
    text = told.read_text(encoding="utf-8")
    if "push: false" not in text:
        write_text(
            told, re.sub(r"^(\s*)path:", r"\1push: false\n\1path:", text, flags=re.MULTILINE)
        )


def withhold_results() -> bool:
    """Have DVC never push results; whether that is news. Without a dvc.yaml nothing is pushed."""
    if not STAGES.exists() or withheld():
        return False
    text = STAGES.read_text(encoding="utf-8")
    results = r"^(\s+)- results:\n(\s+)"
    if not re.search(results, text, re.MULTILINE):
        raise FaceloomError(
            f"{STAGES}: cannot see how results are kept; add `push: false` to them, "
            "for films of people on research terms must not leave this machine"
        )
    told = re.sub(results, r"\g<0>push: false # people on research terms\n\2", text, flags=re.M)
    write_text(STAGES, told)
    return True


def withheld() -> bool:
    """Whether results are not pushed."""
    said = yaml.safe_load(STAGES.read_text(encoding="utf-8")) if STAGES.exists() else {}
    outs = [out for stage in (said.get("stages") or {}).values() for out in stage.get("outs", ())]
    results = [out for out in outs if out == "results" or "results" in out]
    return all(isinstance(out, dict) and out["results"].get("push") is False for out in results)


# --- what DVC has kept ---


def cache() -> Path:
    """Where DVC keeps what it was given, by its checksum."""
    told = settings().get("cache", "dir", fallback="cache").strip("'\"")
    return (FOLDER / told).resolve() / "files/md5"


def remotes() -> list[str]:
    """Where copies may have been pushed to."""
    said = settings()
    return [said[each].get("url", each) for each in said.sections() if "remote" in each]


def object_of(md5: str) -> Path:
    """The file in the cache with that checksum, which ends in .dir for a folder's list."""
    return cache() / md5[:2] / md5[2:]


def pointed(told: Path) -> list[str]:
    """The checksums that a pointer names."""
    said = yaml.safe_load(told.read_text(encoding="utf-8")) or {}
    return [out["md5"] for out in said.get("outs", ()) if "md5" in out]


def listed(md5: str) -> list[tuple[str, str]]:
    """The checksum and path of every file in a folder that was kept."""
    file = object_of(md5)
    if not md5.endswith(".dir") or not file.exists():
        return []
    return [(each["md5"], each["relpath"]) for each in json.loads(file.read_text())]


def folders() -> list[str]:
    """The checksums of all folders that were ever kept."""
    return sorted(file.parent.name + file.name for file in cache().glob("??/*.dir"))


def kept(pointers: Iterable[Path], theirs: Callable[[str], bool]) -> list[Path]:
    """What the cache holds of these pointers, and of paths in folders that are theirs.

    The list of a folder that had one of them goes as well; files that are others' too do not.
    """
    roots = {md5 for told in pointers for md5 in pointed(told)}
    gone = roots | {each for md5 in roots for each, _ in listed(md5)}
    staying = {
        md5
        for told in Path("data").rglob("*.dvc")
        if told not in set(pointers)
        for root in pointed(told)
        for md5 in (root, *(each for each, _ in listed(root)))
    }
    for folder in set(folders()) - roots:
        entries = listed(folder)
        mine = {md5 for md5, path in entries if theirs(path)}
        staying |= {md5 for md5, path in entries if not theirs(path)}
        gone |= mine | ({folder} if mine else set())
    return [path for md5 in sorted(gone - staying) if (path := object_of(md5)).exists()]


def mentioning(objects: Iterable[Path]) -> list[Path]:
    """DVC's own records that name one of these objects: what it would look for in vain."""
    marks = [path.parent.name + path.name for path in objects]
    records = [Path("dvc.lock"), *cache().parent.parent.glob("runs/**/*")]
    texts = {path: path.read_text(encoding="utf-8") for path in records if path.is_file()}
    return [path for path, text in texts.items() if any(mark in text for mark in marks)]
