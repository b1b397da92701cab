"""The command line: one command a verb, its options the stage's own parameters."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, get_type_hints

import tyro
from pydantic import TypeAdapter

from .errors import FaceloomError
from .runs import end_with_run
from .settings import Pipeline

VERBS = (*Pipeline.model_fields, "compare")


def main() -> None:
    """Run a stage; what a person can put right is one line and status 2."""
    end_with_run()
    verb = next(
        (word for word in sys.argv[1:2] if word in VERBS), None
    )  # only its module is imported
    try:
        tyro.extras.subcommand_cli_from_dict(
            {name: command(name) for name in ([verb] if verb else VERBS)}
        )
    except FaceloomError as error:
        print(f"{verb}: {error}", file=sys.stderr)
        sys.exit(2)


def command(verb: str) -> Callable[..., None]:
    """The stage, its settings given as one JSON text."""
    stage = getattr(import_module(f"faceloom.stages.{verb}"), verb)
    hints = get_type_hints(stage, include_extras=True)
    form: TypeAdapter[Any] = TypeAdapter(hints["settings"])

    def run(*, settings: str, **paths: Any) -> None:
        stage(**paths, settings=form.validate_json(settings))

    taken = hints | {"settings": str}
    run.__doc__ = stage.__doc__
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=taken[name])
            for name in inspect.signature(stage).parameters
        ]
    )
    run.__annotations__ = taken
    return run


if __name__ == "__main__":
    main()
