"""What there is of a person in a project: every file that shows, names or was learnt from them.

Files are known by their names, since a path says whose it is, and by what is in them, since the
config may have said something else when they were made.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import pyarrow.parquet as pq

from ..errors import FaceloomError
from ..people import JOINT, Clip, as_cast, swaps
from ..variants import Variants

RESULTS, LOGS = Path("results"), Path("logs")
RECORDS = Path(".snakemake")
BY_CLIP = ("extract", "detect", "track", "crop", "measure")
BY_SWAP = ("convert", "refine", "blend", "evaluate")
CLIPS, PEOPLE = ("clip", "other_clip"), ("person", "other_person", "people")  # columns that name
LARGE = 20_000_000  # bytes: no log is as large


@dataclass
class Traces:
    """The names that stand for a person: clips, swaps, casts, and (verb, variant) of their films.

    Found in sheets, config, tables, sidecars and checkpoints; all that they know is put in here.
    """

    person: str
    clips: set[str] = field(default_factory=set)
    swaps: set[str] = field(default_factory=set)
    casts: set[str] = field(default_factory=set)
    folders: set[tuple[str, str]] = field(default_factory=set)

    def of(self, path: PurePath) -> bool:
        """Whether a path in results or logs is theirs, by what it is called."""
        room, *rest = path.parts
        if rest[:1] == ["benchmarks"]:
            rest = rest[1:]
        if not rest or room not in ("results", "logs"):
            return False
        if rest[0].startswith(("compare", "report", "decoder")):  # over all, so over them, too
            return True
        if len(rest) < 3:
            return False
        verb, variant, name = rest[:3]
        subject = name.split(".")[0]
        return (
            (verb in BY_CLIP and subject in self.clips)
            or (verb == "curate" and subject == self.person)
            or (verb in ("match", "augment") and self.person in subject.split("-"))
            or (verb in ("train", "rates") and self.in_cast(subject))
            or (verb in BY_SWAP and (subject in self.swaps or (verb, variant) in self.folders))
        )

    def in_cast(self, cast: str) -> bool:
        """Whether a generator of that cast has learnt from them."""
        return cast in self.casts or self.person in cast.split(JOINT)

    def named(self, column: str, said: object) -> bool:
        """Whether a value of a table's column says that it is about them."""
        if not isinstance(said, str):
            return False
        return said in self.clips if column in CLIPS else self.person in re.split(r"[+ ,]+", said)

    def words(self) -> re.Pattern[str]:
        """Any of the names, as a word of a text."""
        names = {self.person, *self.clips, *self.swaps, *self.casts}
        return re.compile(
            rf"(?<![a-z0-9_])({'|'.join(map(re.escape, sorted(names)))})(?![a-z0-9_])"
        )


def traced(person: str, config: Mapping[str, Any], clips: Mapping[str, Clip]) -> Traces:
    """All names that stand for a person in a project."""
    found = Traces(person)
    found.clips = {name for name, clip in clips.items() if person in clip.people}
    in_config(found, config, clips)
    in_tables(found)
    for checkpoint in RESULTS.glob("train/*/*.pt"):
        if person in learnt_from(checkpoint):
            found.casts.add(checkpoint.name.split(".")[0])
    in_variants(found, config)
    in_sidecars(found)
    return found


def in_config(found: Traces, config: Mapping[str, Any], clips: Mapping[str, Clip]) -> None:
    """Swaps and casts with the person, and the clips that show what a swap with them should be."""
    for name, said in (config.get("swaps") or {}).items():
        try:
            made = list(swaps({name: said}, clips))
        except FaceloomError:
            continue  # of a clip that was forgotten before
        for each, swap in made:
            if found.person in swap.people or swap.clip in found.clips:
                found.swaps.add(each)
                found.clips |= {swap.truth} if swap.truth else set()
    for name, said in (config.get("casts") or {}).items():
        if found.person in as_cast(name, said).everybody:
            found.casts.add(name)


def in_tables(found: Traces) -> None:
    """Clips that the sheet has no more, but whose faces are still there."""
    for table in RESULTS.glob("crop/*/*.parquet"):
        if mentioned(table, found):
            found.clips.add(table.name.split(".")[0])


def in_variants(found: Traces, config: Mapping[str, Any]) -> None:
    """Folders of films by models of many people, the person among them."""
    variants = Variants(config.get("variants") or {})
    for name in variants:
        cast = variants.pipelines[name].train.cast
        if cast and found.in_cast(cast) and variants.trains(name):
            found.folders |= {
                (verb, variants.owner(verb, name))
                for verb in BY_SWAP
                if variants.form(verb, name) and "train" in variants.told(verb, name)
            }


def in_sidecars(found: Traces) -> None:
    """Films that say of themselves that the person is in them, or in the model behind them."""
    for sidecar in RESULTS.glob("blend/*/*.json"):
        try:
            said = json.loads(sidecar.read_text(encoding="utf-8"))
        except ValueError:  # a broken one says nothing; its name may
            continue
        people, swap = said.get("consent", {}), said.get("swap", {})
        if found.person in people or swap.get("clip") in found.clips:
            found.swaps.add(sidecar.name.split(".")[0])
        inputs = [PurePath(path).parts for path in said.get("inputs", {})]
        if any(parts[1] == "train" and found.of(PurePath(*parts)) for parts in inputs):
            variant = sidecar.parent.name
            found.folders |= {("blend", variant), ("evaluate", variant)}
            found.folders |= {(parts[1], parts[2]) for parts in inputs if parts[1] in BY_SWAP}


def learnt_from(checkpoint: Path) -> list[str]:
    """Whom a generator can paint; nobody where it is no generator."""
    if checkpoint.name.endswith((".resume.pt", ".state.pt")):
        return []
    from ..training.checkpoint import load

    try:
        return load(checkpoint).people
    except FaceloomError:
        return []


def mentioned(table: Path, found: Traces) -> bool:
    """Whether a row of a table says that it is about the person."""
    try:
        with pq.ParquetFile(table) as file:
            columns = [name for name in (*CLIPS, *PEOPLE) if name in file.schema_arrow.names]
            rows = file.read(columns=columns) if columns else None
    except (OSError, ValueError):  # pyarrow's errors are of these; a broken table says nothing
        return False
    return rows is not None and any(
        found.named(column, value)
        for column in columns
        for value in rows.column(column).unique().to_pylist()
    )


# --- files ---


def made(found: Traces) -> Iterator[Path]:
    """What was made of the person, and what was said on the way."""
    for path in files(RESULTS):
        if found.of(path) or (path.suffix == ".parquet" and mentioned(path, found)):
            yield path
    yield from (path for path in files(LOGS) if found.of(path) or says(path, found))


def remembered(found: Traces) -> Iterator[Path]:
    """What Snakemake has noted of the person."""
    for path in files(RECORDS):
        kind = path.relative_to(RECORDS).parts[0]
        if kind in ("metadata", "incomplete"):
            if found.of(PurePath(decoded(path.relative_to(RECORDS / kind)))):
                yield path
        elif kind == "iocache" or (kind != "at-work" and says(path, found)):
            yield path


def files(folder: Path) -> Iterator[Path]:
    """All files in a folder, however deep."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink())


def says(path: Path, found: Traces) -> bool:
    """Whether a text names the person, or what is theirs."""
    if path.stat().st_size > LARGE:
        return False
    return bool(found.words().search(path.read_text(encoding="utf-8", errors="replace")))


def decoded(name: PurePath) -> str:
    """The path that a record of Snakemake's is about; its own names are base64, cut in parts."""
    try:
        told = "".join(part.removeprefix("@") for part in name.parts)
        return base64.urlsafe_b64decode(told).decode()
    except (binascii.Error, UnicodeDecodeError):
        return str(name)


def beside(clips: Iterable[Path], others: Iterable[Path]) -> list[Path]:
    """The clips, and what lies by them under the same name, but is no clip of others.

    Only what is in the project: a clip elsewhere is not the project's to remove.
    """
    here, theirs = Path.cwd().resolve(), {path.resolve() for path in others}
    found = [
        path
        for clip in clips
        for end in (".*", "_sem.*")  # a map that a person has painted
        for path in (clip, *sorted(clip.parent.glob(f"{clip.stem}{end}")))
        if path.exists() and here in path.resolve().parents and path.resolve() not in theirs
    ]
    return list(dict.fromkeys(found))
