"""A digest of the code a job runs, so that a change of meaning is a reason to rerun it."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = Path(__file__).parent
NO_MATTER = {  # these cannot change a result, but by the settings, which are compared as such
    "faceloom.settings",
    "faceloom.errors",
    "faceloom.runs",
}


@cache
def digest(*modules: str) -> str:
    """Twelve hex digits for these modules and all they import from the package."""
    total = hashlib.sha256()
    for module in sorted(closure(modules)):
        total.update(f"{module}\0{known(module).meaning}\0".encode())
    keep()
    return total.hexdigest()[:12]


def closure(modules: tuple[str, ...]) -> set[str]:
    """The modules and all that they lead to."""
    seen: set[str] = set()
    ahead = list(modules)
    while ahead:
        module = ahead.pop()
        if module not in seen and not idle_module(module) and ours(module):
            seen.add(module)
            ahead += [*known(module).imports, module.rpartition(".")[0]]
    return seen


def idle_module(module: str) -> bool:
    """Whether it, or the package it is in, is of those that do not matter."""
    return any(module == name or module.startswith(f"{name}.") for name in NO_MATTER)


class Known(NamedTuple):
    """What a module's text comes to."""

    text: str
    """A digest of it as it stands."""
    meaning: str
    """A digest of what it means."""
    imports: list[str]
    """Every name that it imports, written in full; not all of them are modules of ours."""


@cache
def known(module: str) -> Known:
    """What a module comes to; noted by an earlier run, where its text is the same."""
    source = file(module).read_bytes()
    text = hashlib.sha256(source).hexdigest()
    if module not in notes() or notes()[module].text != text:
        tree = ast.parse(source)
        means = hashlib.sha256(f"{meaning(tree)}".encode()).hexdigest()
        notes()[module] = Known(text, means, list(dict.fromkeys(imports(module, tree))))
    return notes()[module]


def imports(module: str, tree: ast.Module) -> Iterator[str]:
    """Every name that a module imports, written in full."""
    package = module if file(module).name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


@cache
def notes() -> dict[str, Known]:
    """What is known of modules, by earlier runs and by this one."""
    return noted()


def noted() -> dict[str, Known]:
    """What earlier runs have noted."""
    try:
        return {name: Known(*said) for name, said in json.loads(notebook().read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # none yet, or none of ours
        return {}


def keep() -> None:
    """Note what this run has found out, where it may; to read is 20 times as fast as to parse."""
    if notes() != noted():
        part = notebook().with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):
            part.parent.mkdir(exist_ok=True)
            part.write_text(json.dumps(notes()))
            part.replace(notebook())


@cache
def notebook() -> Path:
    """Where the notes are, beside the byte code: for this very code, under this very Python."""
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    return PACKAGE / "__pycache__" / f"sources.{sys.implementation.cache_tag}.{own}.json"


def meaning(node: Any) -> Any:
    """A syntax tree as nested lists without comments, docstrings and layout.

    Alike under every Python. Not ast.unparse and not ast.dump: 3.12 quotes f-strings in another
    way than 3.11, and 3.13 leaves out empty fields.
    """
    match node:
        case ast.AST():
            fields = {name: meaning(value) for name, value in ast.iter_fields(node)}
            return [
                type(node).__name__,
                *([name, value] for name, value in fields.items() if value),
            ]
        case list():
            return [meaning(item) for item in node if not idle(item)]
        case None:
            return None
        case _:
            return ascii(node)


def idle(node: Any) -> bool:
    """Whether it does nothing, as a docstring does, or the empty end of an f-string."""
    match node:
        case ast.Expr(ast.Constant(str())):
            return True
        case ast.Constant(""):
            return node.col_offset == node.end_col_offset
    return False


@cache
def file(module: str) -> Path:
    """Where a module of the package is, or would be."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def ours(module: str) -> bool:
    """Whether it is a module of the package."""
    return module.partition(".")[0] == PACKAGE.name and file(module).is_file()


def looks(folder: str) -> str:
    """Twelve hex digits for the files of a folder of the package that are no code: templates."""
    total = hashlib.sha256()
    for path in sorted(PACKAGE.joinpath(folder).iterdir()):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]
