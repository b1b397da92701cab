"""new: a folder for a project of one's own, with everything that is to be filled in."""

from __future__ import annotations

import logging
from contextlib import chdir
from pathlib import Path

from ..errors import FaceloomError
from ..people import Clip, Person
from ..projects import dvc
from ..projects.place import home, link
from ..sheets import Row

log = logging.getLogger(__name__)

CONFIG = """\
# yaml-language-server: $schema=resources/faceloom/workflow/config.schema.json

clips: data/clips.tsv    # who is in which clip; faceloom add writes it
people: data/people.tsv  # by whose leave; faceloom add writes it

# Terms that you accept, of published weights and of what these have learnt from.  Some parts need
# weights on terms of `research`, which is not for commercial use: add it here if that is right.
licences: [CC0-1.0, MIT, BSD-3-Clause, Apache-2.0, own]

# Experiments: each says how it differs from baseline, or from the one that it is `like`; `why` is
# printed in the report.  What a variant does not change, it does not make again.
variants:
  baseline:
    why: Shared encoder, two decoders; the least that there is.
  # poisson:
  #   why: Does gradient-domain blending hide the seam?
  #   blend: {by: poisson}

# Which clip, and whose face its person gets there; both are learnt from clips whose use is learn.
swaps:
  # anna_ben: {clip: anna_walk, faces: ben}  # anna's clip, with ben's face
  # duet: {clip: both, faces: {anna: ben}}  # where several are to be seen: who becomes whom
"""

IGNORED = """\
# faces of people: with DVC if at all, never in git
/data/clips/*
!/data/clips/*.dvc
!/data/clips/.gitignore
/data/evidence
/results
/logs
/resources
/.snakemake/
/.dvc/config.local
/.dvc/tmp
/.dvc/cache
*.part
"""

UNSEEN = """\
# what DVC does not look at: evidence stays on this machine
/data/evidence
/logs
/resources
/.snakemake/log
/.snakemake/locks
/.snakemake/iocache
/.snakemake/at-work
*.part
"""

STAGE = """\
# `dvc repro` runs the workflow, `dvc push` shares what it made; Snakemake knows the steps inside.
stages:
  reproduce:
    cmd: resources/faceloom/run --directory .
    always_changed: true # DVC does not see the code, so it always asks Snakemake, who does
    deps:
      - config.yaml
      - data
    outs:
      - results:
          persist: true
      - .snakemake/metadata: # so that elsewhere Snakemake knows that all is done
          persist: true

metrics:
  - results/compare/summary.json
"""


def new(directory: Path, /) -> None:
    """Make a folder for a project: config, sheets, and DVC, with git where there is git.

    Args:
        directory: the folder, which is new or empty, or has nothing but a .git in it.
    """
    home()
    if directory.exists() and (
        not directory.is_dir() or {each.name for each in directory.iterdir()} - {".git"}
    ):
        raise FaceloomError(f"{directory}: there already, and not empty; choose another name")
    directory.mkdir(parents=True, exist_ok=True)
    with chdir(directory):
        for path, text in files().items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")
        Path("data/clips").mkdir()
        link(home())
        with_dvc()
    log.info("%s is ready; next: faceloom add CLIP --person NAME, there", directory)


def files() -> dict[str, str]:
    """What is in a project before there is a clip."""
    return {
        "config.yaml": CONFIG,
        "data/clips.tsv": header(Clip),
        "data/people.tsv": header(Person),
        ".gitignore": IGNORED,
        ".dvcignore": UNSEEN,
        "dvc.yaml": STAGE,
    }


def header(row: type[Row]) -> str:
    """The first line of a sheet of these rows."""
    return "\t".join(row.model_fields) + "\n"


def with_dvc() -> None:
    """Set up DVC; without it a project works as well, but shares nothing."""
    ignored = Path(".dvcignore").read_text(encoding="utf-8")
    try:
        dvc.begin()
    except FaceloomError as error:
        log.warning("%s; the project works without DVC, or say dvc init there later", error)
    Path(".dvcignore").write_text(ignored, encoding="utf-8")
