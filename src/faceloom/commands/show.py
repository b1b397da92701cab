"""show: what a variant tells a verb, who said so, where its files are, and what would run again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import FaceloomError
from ..plan import Plan
from ..projects import reasons, weaving
from ..projects.place import inside, plan
from ..projects.weaving import Made
from ..settings import VERBS, Measures
from ..variants import Variants
from ..variants import verb as verb_of

DEFAULT = "default"
Steps = tuple[str | int, ...]


def show(variant: str, verb: str, /, *, directory: Path = Path()) -> None:
    """Show the settings of a verb in a variant, where each comes from, and how its files stand.

    Args:
        variant: a variant of config.yaml.
        verb: a verb, or a kind of measure as measure.identity.
        directory: the project.
    """
    with inside(directory):
        project = plan()
        known(variant, list(project), "variant")
        stages = [f"measure.{kind}" for kind in Measures.model_fields]
        known(verb, [*VERBS, *stages], "verb")
        asked = stages if verb == "measure" else [verb]
        made = cache(weaving.everything)  # takes seconds, and what is off has no files
        pages = [page(project, stage, variant, made) for stage in asked]
        print("\n\n".join("\n".join(lines) for lines in pages))


def known(name: str, names: Sequence[str], what: str) -> None:
    """Refuse a name that there is not."""
    if name not in names:
        near = get_close_matches(name, names, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        raise FaceloomError(f"{name}: no such {what}; {meant}")


def page(project: Plan, stage: str, variant: str, made: Callable[[], Sequence[Made]]) -> list[str]:
    """All that is to be said of a stage in a variant, where these files are made."""
    head = f"{stage} in variant {variant}"
    form = project.form(stage, variant)
    if form is None:
        return [f"{head}: off; it is turned on by a mapping, or a list, under {stage}"]
    if stage not in project.told("evaluate", variant):
        return [f"{head}: not used, for nothing that leads to its films reads it"]
    values = leaves(form.model_dump(exclude_none=True))
    rows = [(dotted(path), value, origin(project, stage, variant, path)) for path, value in values]
    return [
        head,
        "",
        "settings",
        *columns(rows),
        "",
        *files(project, stage, variant, made()),
    ]


def leaves(value: Any, path: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """The single settings in a form, each with its way."""
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value):
        for place, each in enumerate(value):
            yield from leaves(each, (*path, place))
    else:
        yield path, json.dumps(value)


def dotted(path: Steps) -> str:
    """A way as people write it."""
    return ".".join(map(str, path))


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows with their values below one another."""
    wide = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
    return [f"  {name:<{wide[0]}}  {value:<{wide[1]}}  {who}".rstrip() for name, value, who in rows]


# --- who said it ---


def origin(variants: Variants, stage: str, variant: str, path: Steps) -> str:
    """The variant that says a setting: itself, or the nearest of those it is like; or nobody."""
    way = (*stage.split("."), *path)
    name: str | None = variant
    while name is not None:
        parent = variants.parents.get(name)
        under = variants.pipelines[parent].model_dump() if parent else {}
        match said_by(variants.said[name], under, way):
            case "said":
                return name
            case "anew":
                return f"{DEFAULT}, since {name} chose the part"
        name = parent
    return DEFAULT


def said_by(said: Any, under: Any, way: Steps) -> str:
    """Whether a tree says the end of a way: "said", "silent", or "anew" where it begins anew."""
    if not way:
        return "said"
    if isinstance(said, list | tuple) and way[0] == "by":  # a list of parts, written bare
        said = {"by": said}
    if isinstance(said, str):  # a part by its name alone
        said = {"kind": said}
    if isinstance(said, list | tuple):
        place = way[0]
        element = said[place] if isinstance(place, int) and place < len(said) else None
        return "said" if said_by(element, None, way[1:]) == "said" else "anew"
    if not isinstance(said, Mapping):
        return "silent"
    beneath = under if isinstance(under, Mapping) else {}
    anew = "kind" in said and said["kind"] != beneath.get("kind")
    deeper = "silent"
    if way[0] in said:
        deeper = said_by(said[way[0]], {} if anew else beneath.get(way[0]), way[1:])
    return "anew" if anew and deeper == "silent" else deeper


# --- how its files stand ---


def files(project: Plan, stage: str, variant: str, made: Sequence[Made]) -> Iterator[str]:
    """Where the files are, which are there, and what would run again, and why."""
    owner = project.owner(stage, variant)
    folder = f"results/{verb_of(stage)}/{owner}/"
    mine = [each for each in made if belongs(each.path, folder, stage)]
    yield f"files, in {folder}"
    if owner != variant:
        yield f"  made for {owner}: all that leads to them is as {variant} wants it"
    yield from (f"  {Path(each.path).name}{'' if each.there else '  not there'}" for each in mine)
    if not mine:
        yield "  none: no swap needs them"
    yield ""
    yield "would run"
    due = weaving.jobs([each.path for each in mine]) if any(each.due for each in mine) else []
    yield from (f"  {line}" for line in reasons.told(due))
    if not due:
        yield "  nothing"


def belongs(path: str, folder: str, stage: str) -> bool:
    """Whether a file is in the folder, and of the kind that the stage makes."""
    kind = stage.partition(".")[2]
    return path.startswith(folder) and (not kind or f".{kind}." in path)
