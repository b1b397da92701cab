"""Why jobs would run, in words: what Snakemake gives as reasons, made short."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .weaving import Job

DIGEST = re.compile(r"[0-9a-f]{12}(-[0-9a-f]{8})*")
CHANGED = "Params have changed since last execution"


def told(jobs: Iterable[Job]) -> Iterator[str]:
    """The jobs in their order, those alike in one line."""
    groups: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        groups.setdefault((job.rule, why(job.reason)), []).append(job)
    for (rule, words), alike in groups.items():
        what = alike[0].outputs[0] if len(alike) == 1 else f"{len(alike)} jobs"
        yield f"{rule}, {what}: {words}"


def why(reason: str) -> str:
    """A reason of Snakemake's in few words."""
    return "; ".join(dict.fromkeys(map(short, re.split(r"; (?=[A-Z])", reason))))


def short(reason: str) -> str:
    """One of its reasons in few words, or as it is where it is an unusual one."""
    kind, _, rest = reason.partition(": ")
    match kind:
        case "Missing output files":
            return "not made yet"
        case "Incomplete output files":
            return "broken off last time"
        case "Updated input files":
            return f"new contents in {rest}"
        case "Input files updated by another job":
            return f"after {', '.join(dict.fromkeys(map(maker, rest.split(', '))))}"
        case "Set of input files has changed since last execution":
            return "other files go in than last time"
        case "Code has changed since last execution":
            return "its rule says another command than last time"
    return changes(rest) if kind == CHANGED else reason


def maker(path: str) -> str:
    """The verb that makes a file."""
    parts = path.split("/")
    return parts[1] if len(parts) > 1 else path


def changes(said: str) -> str:
    """What of the parameters has changed, settings one by one."""
    found = re.search(r"before: (.*) now: (.*)", said)
    if not found:
        return "it is told something else than last time"
    before, now = quoted(found[1]), quoted(found[2])
    words = []
    if any(DIGEST.fullmatch(each) for each in (*before, *now)):
        words.append("its code or weights have changed")
    was, became = flat(before), flat(now)
    words += [
        f"{name} {was.get(name, 'not said')} → {became.get(name, 'not said')}"
        for name in sorted({*was, *became})
        if was.get(name) != became.get(name)
    ]
    return "; ".join(words) or "it is told something else than last time"


def quoted(text: str) -> list[str]:
    """The strings in a text, as Python writes them."""
    found = re.findall(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", text)
    return [str(ast.literal_eval(each)) for each in found]


def flat(texts: list[str]) -> dict[str, str]:
    """All settings in those of the texts that are JSON, by their dotted ways."""
    settings: dict[str, str] = {}
    for text in texts:
        try:
            said = json.loads(text)
        except ValueError:
            continue
        settings.update(dict(dotted(said)))
    return settings


def dotted(said: Any, way: str = "") -> Iterator[tuple[str, str]]:
    """Every setting of a tree by its way."""
    if isinstance(said, Mapping) and said:
        for key, value in said.items():
            yield from dotted(value, f"{way}.{key}" if way else str(key))
    elif way:
        yield way, json.dumps(said)
