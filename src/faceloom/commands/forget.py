"""forget: everything there is of a person in a project, removed, and the leave withdrawn."""

from __future__ import annotations

import logging
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from ..errors import FaceloomError
from ..people import Clip, Person
from ..projects import dvc, edits
from ..projects.place import CONFIG, RECORDS, config, inside, sheet_path
from ..projects.traces import Traces, beside, decoded, learnt_from, made, remembered, traced
from ..runs import alone
from ..sheets import sheet, text
from ..tables import write_text

log = logging.getLogger(__name__)

EVIDENCE, MODELS = Path("data/evidence"), Path("data/models")
Found = dict[str, list[Path]]


def forget(person: str, /, *, yes: bool = False, directory: Path = Path()) -> None:
    """Remove all that there is of a person, after showing it, and mark the leave as withdrawn.

    Args:
        person: the name in data/people.tsv.
        yes: do not ask.
        directory: the project.
    """
    with inside(directory):
        said = config()
        clips = sheet(sheet_path("clips", said), Clip)
        people = sheet(sheet_path("people", said), Person)
        traces = traced(person, said, clips)
        if person not in people and not traces.clips and not traces.swaps and not traces.casts:
            raise FaceloomError(f"{person}: nobody of that name; there are {', '.join(people)}")
        with alone(RECORDS / "at-work"):
            found = everything(traces, clips)
            shown = [*listing(person, found), *shared(person, traces, clips)]
            print("\n".join(shown), flush=True)  # all of it, before anything is asked
            if not (yes or asked()):
                log.info("nothing is removed")
                return
            withdraw(person, people, sheet_path("people", said))
            remove(found)
            forget_clips(traces.clips & set(clips), sheet_path("clips", said))
        print("\n".join(beyond(person, traces, found, clips, said)))
    log.info("%s: %d files removed", person, sum(map(len, found.values())))


def everything(traces: Traces, clips: Mapping[str, Clip]) -> Found:
    """All files, by what they are."""
    mine = [Path(clip.path) for name, clip in clips.items() if name in traces.clips]
    others = [Path(clip.path) for name, clip in clips.items() if name not in traces.clips]
    taken = beside(mine, others)
    models = [path for path in MODELS.glob("*.pt") if traces.person in learnt_from(path)]
    models += [told for path in models if (told := dvc.pointer(path)).exists()]
    pointers = [path for path in (*taken, *models) if path.suffix == ".dvc"]
    kept = dvc.kept(pointers, lambda path: whose(traces, path)) if dvc.in_use() else []
    if Path.cwd().resolve() not in dvc.cache().parents:  # shared with other projects
        kept = []
    return {
        "clips": taken,
        "evidence": sorted(EVIDENCE.glob(f"{traces.person}-*")),
        "made of them": list(made(traces)),
        "promoted models": models,
        "Snakemake's records": list(remembered(traces)),
        "DVC's cache": [*kept, *dvc.mentioning(kept)],
    }


def whose(traces: Traces, path: str) -> bool:
    """Whether a path in a folder that DVC has kept is theirs: one of results, or a record."""
    return traces.of(PurePath("results", path)) or traces.of(PurePath(decoded(PurePath(path))))


def listing(person: str, found: Found) -> Iterator[str]:
    """What would be removed, group by group."""
    for group, paths in found.items():
        if paths:
            size = sum(file.stat().st_size for path in paths for file in every(path))
            yield f"{group} ({len(paths)}, {size / 1e6:.1f} MB)"
            yield from (f"  {plainly(path)}" for path in paths)
    if not any(found.values()):
        yield f"there is no file of {person}"


def plainly(path: Path) -> str:
    """A path as people can read it: a record by what it is about."""
    if path.parts[:2] == (str(RECORDS), "metadata"):
        return f"of {decoded(PurePath(*path.parts[2:]))}"
    return str(path)


def shared(person: str, traces: Traces, clips: Mapping[str, Clip]) -> Iterator[str]:
    """Which clips show others, too."""
    for name in sorted(traces.clips & set(clips)):
        if others := [each for each in clips[name].people if each != person]:
            yield f"note: the clip {name} is of {' and '.join(others)} as well, and goes, too"


def every(path: Path) -> list[Path]:
    """The files in a folder, or the file itself."""
    return [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]


def asked() -> bool:
    """Whether a person says yes.

    Raises:
        FaceloomError: where there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise FaceloomError("nobody to ask here; say --yes to have all of this removed")
    return input("Remove all of this? It cannot be undone. [y/N] ").strip().lower() in ("y", "yes")


def withdraw(person: str, people: Mapping[str, Person], path: Path) -> None:
    """Mark the leave as withdrawn; of evidence that was a file only the checksum stays."""
    if person in people:
        proof = re.sub(r"\S+ (?=sha256:)", "", people[person].evidence)
        day = str(people[person].withdrawn or date.today())
        values = {"withdrawn": day, "evidence": proof}
        write_text(path, edits.replaced(text(path), person, values))


def remove(found: Found) -> None:
    """Take everything away, and the folders that are empty then."""
    for path in [path for paths in found.values() for path in paths]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder in (Path(), Path("data/clips")) or folder.resolve() == Path.cwd().resolve():
                break
            with suppress(OSError):  # not empty
                folder.rmdir()


def forget_clips(clips: set[str], path: Path) -> None:
    """Take clips out of their sheet, and out of what DVC has told git to ignore."""
    rows = sheet(path, Clip)
    ignored = {f"/{Path(rows[name].path).name}" for name in clips}
    for file in {Path(rows[name].path).parent / ".gitignore" for name in clips}:
        if file.exists():
            left = [line for line in file.read_text().splitlines() if line not in ignored]
            write_text(file, "".join(f"{line}\n" for line in left))
    write_text(path, edits.without(text(path), clips))


def beyond(
    person: str, traces: Traces, found: Found, clips: Mapping[str, Clip], said: Mapping[str, Any]
) -> Iterator[str]:
    """What is left to do by hand."""
    written = text(CONFIG)
    for section, names in (("swaps", traces.swaps), ("casts", traces.casts)):
        for name in [name for name in said.get(section) or {} if name in names]:
            line = edits.line_of(written, section, name)
            yield f"left: {CONFIG} line {line} names {name}; take {person} out there"
    for name in sorted(traces.clips & set(clips)):
        if Path(clips[name].path).exists():
            yield f"left: {clips[name].path}, for it is not in this folder; remove it yourself"
    if dvc.in_use() and Path.cwd().resolve() not in dvc.cache().parents:
        yield f"left: {dvc.cache()}, DVC's cache that other folders use, too; dvc gc clears it"
    for url in dvc.remotes() if dvc.in_use() else ():
        yield f"left: what was pushed to {url}; dvc gc --workspace --cloud clears it"
    given = [
        str(path) for group in ("clips", "evidence", "promoted models") for path in found[group]
    ]
    told = dvc.git("log", "--all", "--name-only", "--format=", "--", *given) if given else ""
    tracked = sorted(set(told.split("\n")) - {""})
    if tracked:
        yield (
            f"left: git's history has {len(tracked)} of these files, {tracked[0]} for one; "
            "git filter-repo takes them out"
        )
