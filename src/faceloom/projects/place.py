"""A project: a folder with clips, people and experiments of its own, woven by this installation.

Its `resources/faceloom` is a link to the installation, wherever that is: so paths that jobs are
told are the same on every machine, and a project that is moved has nothing to do again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import yaml

from ..errors import FaceloomError
from ..plan import Plan
from ..sheets import text
from ..sources import PACKAGE

CONFIG = Path("config.yaml")
RECORDS = Path(".snakemake")
LINK = Path("resources/faceloom")
WEIGHTS = Path("resources/weights")
SHEET = Path("workflow/weights.tsv")


def home() -> Path:
    """The folder of this installation.

    Raises:
        FaceloomError: where the package was installed without the workflow.
    """
    folder = PACKAGE.parents[1]
    if not (folder / "Snakefile").exists():
        raise FaceloomError(
            f"{folder}: no workflow here, only the package; clone the repository and use its ./run"
        )
    return folder


def weights_sheet(installation: Path) -> str:
    """Where the sheet of weights is, seen from the project that is worked in."""
    return str(SHEET if at_home(installation) else LINK / SHEET)


def link(installation: Path) -> None:
    """Point the project that is worked in to its installation, and to the weights there."""
    if at_home(installation):
        return
    LINK.parent.mkdir(exist_ok=True)
    installation = installation.resolve()
    if not LINK.is_symlink() or LINK.readlink() != installation:
        LINK.unlink(missing_ok=True)
        LINK.symlink_to(installation)
    if not WEIGHTS.is_symlink() and not WEIGHTS.exists():
        WEIGHTS.symlink_to(Path("faceloom") / WEIGHTS)


def at_home(installation: Path) -> bool:
    """Whether the installation's own folder is the project."""
    return installation.resolve() == Path.cwd().resolve()


@contextmanager
def inside(directory: Path) -> Iterator[None]:
    """Work in a project's folder.

    Raises:
        FaceloomError: where it is none.
    """
    if not (directory / CONFIG).is_file():
        raise FaceloomError(
            f"{directory}: no project, for there is no {CONFIG} in it; "
            "name one by --directory, or make one by faceloom new"
        )
    with chdir(directory):
        link(home())
        yield


def config() -> dict[str, Any]:
    """What the project's config says; FaceloomError where it is no mapping in YAML."""
    try:
        said = yaml.safe_load(text(CONFIG))
    except yaml.YAMLError as bad:
        raise FaceloomError(f"{CONFIG}: {' '.join(str(bad).split())}") from None
    if not isinstance(said, dict):
        raise FaceloomError(f"{CONFIG}: not a mapping of clips, people, swaps and variants")
    return {"weights": weights_sheet(home()), **said}


def plan() -> Plan:
    """What the project asks for; FaceloomError where it cannot be."""
    return Plan(config())


def sheet_path(name: str, said: dict[str, Any]) -> Path:
    """Where the sheet of clips or of people is."""
    return Path(said.get(name, f"data/{name}.tsv"))
