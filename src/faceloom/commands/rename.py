"""rename: another name for a variant, in the config and for all its files, and nothing reruns."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from ..errors import FaceloomError
from ..projects import edits, weaving
from ..projects.place import CONFIG, RECORDS, config, inside
from ..projects.weaving import Made
from ..runs import alone
from ..sheets import text
from ..tables import write_text
from ..variants import NAME, ROOT, Variants, unfold

log = logging.getLogger(__name__)

NOTE = RECORDS / "renaming.json"
ROOMS = ("results/*", "logs/*", "logs/benchmarks/*")
NAMING = {"compare", "partial"}  # rules whose results name the variants, and are made again


def rename(old: str, new: str, /, *, directory: Path = Path()) -> None:
    """Give a variant another name; what is finished stays finished, only the report is made anew.

    Args:
        old: a variant as config.yaml has it.
        new: what it is to be called.
        directory: the project.
    """
    with inside(directory):
        task = begun(old, new)
        with alone(RECORDS / "at-work"):
            left = list(moved(task.names, set(task.stale)))
            write_text(CONFIG, edits.renamed(text(CONFIG), task.names))
        touched(task)
        NOTE.unlink()
    log.info("%s is %s now; the report is made anew by the next run", old, new)
    for path in left:
        log.info("%s is not up to date: it stays there, and is made anew as %s", path, new)


@dataclass(frozen=True)
class Task:
    """All new names; files that are finished, as far as their names change, and others; the stale.

    Noted before anything is changed: who was broken off goes on with what was so at first.
    """

    asked: list[str]
    names: dict[str, str]
    renamed: list[str]
    others: list[str]
    stale: list[str]


def begun(old: str, new: str) -> Task:
    """What there is to do, or what was left to do when it was broken off."""
    if NOTE.exists():
        task = Task(**json.loads(NOTE.read_text(encoding="utf-8")))
        if task.asked != [old, new]:
            raise FaceloomError(f"rename {' '.join(task.asked)} was broken off; say that again")
        return task
    before = text(CONFIG)
    names = renamings(config().get("variants") or {}, old, new)
    agreed(before, edits.renamed(before, names), names)
    made = weaving.everything() if folders(names) else []
    finished = [each.path for each in made if done(each)]
    task = Task(
        asked=[old, new],
        names=names,
        renamed=[elsewhere(path, names) for path in finished if elsewhere(path, names) != path],
        others=[path for path in finished if elsewhere(path, names) == path],
        stale=[each.path for each in made if each.there and each.due],
    )
    write_text(NOTE, json.dumps(asdict(task)))
    return task


def done(made: Made) -> bool:
    """Whether it is finished, and stays so under another name."""
    return made.there and not made.due and made.rule not in NAMING


def renamings(variants: Mapping[str, Any], old: str, new: str) -> dict[str, str]:
    """Every variant that gets another name: those that `vary` and `seeds` make of it as well.

    Raises:
        FaceloomError: no such variant, none of its own, or the new name is taken.
    """
    if not NAME.fullmatch(new):
        raise FaceloomError(f"{new}: a variant's name has a-z, 0-9, _ and dots between")
    if ROOT in (old, new):
        raise FaceloomError(f"{ROOT} is what all others are like; its name stays")
    every = unfold({ROOT: {}, **variants})
    if old not in variants:
        whole = [name for name in variants if old in unfold({name: variants[name]})]
        meant = f"{whole[0]} makes it, rename that" if whole else f"there are {', '.join(variants)}"
        raise FaceloomError(f"{old}: no variant of its own in the config; {meant}")
    mine = unfold({old: variants[old]})
    names = dict(zip(mine, unfold({new: variants[old]}), strict=True))
    if taken := [name for name in names.values() if name in set(every) - set(mine)]:
        raise FaceloomError(f"{taken[0]}: there is such a variant already; choose another name")
    return {**names, old: new}


def agreed(before: str, after: str, names: Mapping[str, str]) -> None:
    """Make sure that the config says the same as before, but for the names.

    Raises:
        FaceloomError: where it is written in a way that cannot be edited like this.
    """
    was = Variants(yaml.safe_load(before).get("variants") or {})
    try:
        became = Variants(yaml.safe_load(after).get("variants") or {})
    except (yaml.YAMLError, FaceloomError):
        became = None
    called = [names.get(name, name) for name in was]
    if (
        became is None
        or list(became) != called
        or any(became.pipelines[names.get(name, name)] != was.pipelines[name] for name in was)
    ):
        raise FaceloomError(
            f"{CONFIG}: variants are written in a way that cannot be renamed safely (anchors?); "
            "nothing is changed; rename them by hand and run again"
        )


def folders(names: Mapping[str, str]) -> list[Path]:
    """The folders of these variants."""
    return [path for room in ROOMS for path in Path().glob(f"{room}/*") if path.name in names]


def moved(names: Mapping[str, str], stale: set[str]) -> Iterator[str]:
    """Move all files but those that are stale; these are told."""
    for folder in folders(names):
        place = folder.with_name(names[folder.name])
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            if str(file) in stale:
                yield str(file)
                continue
            target = place / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
        emptied(folder)
    for sidecar in Path("results").glob("blend/*/*.json"):
        corrected(sidecar, names)


def emptied(folder: Path) -> None:
    """Take away a folder, and those in it, as far as they are empty."""
    for place, _, _ in os.walk(folder, topdown=False):
        if not any(Path(place).iterdir()):
            Path(place).rmdir()


def corrected(sidecar: Path, names: Mapping[str, str]) -> None:
    """Have a film's lineage name its inputs by where they are now."""
    before = after = sidecar.read_text(encoding="utf-8")
    for verb in ("convert", "refine", "train"):
        for old, new in names.items():
            after = after.replace(f'"results/{verb}/{old}/', f'"results/{verb}/{new}/')
    if after != before:
        write_text(sidecar, after)


def touched(task: Task) -> None:
    """Have Snakemake take as finished what was finished under the old names."""
    if task.renamed:
        due = {path for job in weaving.jobs() for path in job.outputs}
        files = {*task.renamed, *(due & set(task.others))}
        weaving.snakemake("--touch", "--force", "--", *sorted(files))


def elsewhere(path: str, names: Mapping[str, str]) -> str:
    """Where a file is under the new names."""
    room, verb, *rest = Path(path).parts
    if rest and rest[0] in names:
        rest[0] = names[rest[0]]
    return str(Path(room, verb, *rest))
