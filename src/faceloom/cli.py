"""The command line: a command a verb, and those for people; options are functions' parameters."""

from __future__ import annotations

import ast
import inspect
import logging
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import tyro
from pydantic import BaseModel, TypeAdapter, ValidationError

from . import __version__
from .errors import FaceloomError, mistakes
from .runs import end_with_run
from .settings import VERBS

COMMANDS = (
    *VERBS, "compare", "weights", "actors", "parser", "decoder", "rates", "pack", "unpack",
)  # fmt: skip
FOR_PEOPLE = ("new", "add", "check", "show", "rename", "forget")
STAGES = Path(__file__).parent / "stages"


def main() -> None:
    """Run the command that is asked for, and leave with its status."""
    try:
        status = answer(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # who read along has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def answer(words: Sequence[str]) -> int:
    """Do what the words say; 0 when done, 2 for what a person can put right, 130 when stopped."""
    first = words[0] if words else "--help"
    if first in ("-h", "--help"):
        print(overview())
    elif first == "--version":
        print(f"faceloom {__version__}")
    elif first in (*COMMANDS, *FOR_PEOPLE):
        return run(first, words[1:])
    else:
        near = get_close_matches(first, [*COMMANDS, *FOR_PEOPLE], 1)
        meant = f"did you mean {near[0]}?" if near else "faceloom --help lists them"
        print(f"faceloom: there is no command {first}; {meant}", file=sys.stderr)
        return 2
    return 0


def run(verb: str, words: Sequence[str]) -> int:
    """Run one command; its module is the only one of them that is imported."""
    end_with_run()
    logging.basicConfig(format=f"{verb}: %(message)s", stream=sys.stderr)
    logging.getLogger("faceloom").setLevel(logging.INFO)
    try:
        tyro.cli(command(verb), prog=f"faceloom {verb}", args=words)
    except FaceloomError as error:
        print(f"{verb}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{verb}: stopped", file=sys.stderr)
        return 130
    return 0


def command(verb: str) -> Callable[..., None]:
    """The command's function; a stage's settings are given as one JSON text."""
    room = "commands" if verb in FOR_PEOPLE else "stages"
    stage = getattr(import_module(f"faceloom.{room}.{verb}"), verb)
    hints = get_type_hints(stage, include_extras=True)
    form = hints.get("settings", str)

    def told(*placed: Any, **given: Any) -> None:
        if form is not str:
            given["settings"] = filled(form, given["settings"])
        stage(*placed, **given)

    taken = hints | ({"settings": str} if "settings" in hints else {})
    told.__doc__ = stage.__doc__
    told.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            each.replace(kind=kind(each), annotation=taken[each.name], default=spoken(each.default))
            for each in inspect.signature(stage).parameters.values()
        ]
    )
    told.__annotations__ = taken
    return told


def kind(parameter: inspect.Parameter) -> Any:
    """A flag, unless it is told by its place."""
    placed = inspect.Parameter.POSITIONAL_ONLY
    return placed if parameter.kind is placed else inspect.Parameter.KEYWORD_ONLY


def spoken(default: Any) -> Any:
    """A default as it is said on the command line: a form is its JSON."""
    return default.model_dump_json(exclude_none=True) if isinstance(default, BaseModel) else default


def filled(form: Any, text: str) -> Any:
    """The form as the text fills it in.

    Raises:
        FaceloomError: where the text is no JSON, or a field is unknown or out of its range.
    """
    try:
        return TypeAdapter(form).validate_json(text)
    except ValidationError as bad:
        raise FaceloomError(f"--settings: {'; '.join(mistakes(bad))}") from None


def overview() -> str:
    """What there is, a line a command; read from modules' first lines, none of them imported."""
    return "\n".join(
        [
            "usage: faceloom COMMAND --help",
            "",
            "For people, in a project's folder:",
            "",
            *map(line, FOR_PEOPLE),
            "",
            "For the workflow, in an order that Snakemake knows:",
            "",
            *map(line, COMMANDS),
        ]
    )


def line(name: str) -> str:
    """A command and what it is for."""
    return f"  {name:<{max(map(len, COMMANDS))}}  {purpose(name)}"


def purpose(name: str) -> str:
    """The first line of a module's docstring, without the name it begins with."""
    folder = STAGES.with_name("commands") if name in FOR_PEOPLE else STAGES
    file = folder / f"{name}.py"
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) if file.exists() else ""
    return (said or "").partition("\n")[0].removeprefix(f"{name}: ")


if __name__ == "__main__":
    main()
