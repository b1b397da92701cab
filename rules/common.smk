"""Names the rules share: the plan, and how to ask it whose files to use."""

import os
import re
import sys
from pathlib import Path

from faceloom import projects, runs
from faceloom.errors import FaceloomError
from faceloom.people import painted_map
from faceloom.plan import Plan
from faceloom.sources import digest, looks
from faceloom.variants import ROOT

if workflow.is_main_process:
    try:
        at_work = runs.join(Path(".snakemake"), Path("results"))
    except FaceloomError as error:
        sys.exit(f"{error}")
    projects.link(Path(workflow.basedir))
shell.prefix(f"set -euo pipefail; export {runs.RUN}=$PPID; ")

# Seen from the project's folder: both may be moved together and nothing is made anew.
home = Path(os.path.relpath(workflow.basedir))

config.setdefault("weights", projects.weights_sheet(Path(workflow.basedir)))
try:
    plan = Plan(config, rendered="results/actors/{take}/{shot}.mp4")
except FaceloomError as error:
    sys.exit(f"{error}")  # one line and status 1; a WorkflowError would add where it was raised


def any_of(names):
    """A pattern that these names match and nothing else."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    variant=any_of(plan),
    clip=any_of(plan.clips),
    person=any_of(plan.people),
    other=any_of(plan.people),
    swap=any_of(plan.swaps),
    cast=any_of(plan.casts()),
    kind=any_of(plan.kinds()),
    control="untouched|twin",
    weights=any_of(plan.known),
    layer=any_of(plan.decoders()),


def settings(stage):
    """The stage's settings for the variant asked for, as JSON."""
    return lambda wildcards: plan.settings(stage.format(**wildcards), wildcards.variant)


def code(stage):
    """A digest of the code the stage runs for the variant asked for, and of the weights it uses."""

    def digests(wildcards):
        asked = stage.format(**wildcards), wildcards.variant
        return "-".join(
            [plan.code(*asked), *(plan.known[w].sha256[:8] for w in plan.weights(*asked))]
        )

    return digests


def threads_of(stage):
    """How many threads the stage is told to use: they are a setting, since sums depend on them."""

    def threads(wildcards):
        form = plan.form(stage, wildcards.variant)
        return form.threads * (getattr(form, "processes", None) or 1)

    return threads


def by_several(stage):
    """What goes before the command where several processes share the work: torchrun."""

    def starter(wildcards):
        number = plan.form(stage, wildcards.variant).processes
        return f"torchrun --standalone --nproc_per_node={number} --no-python" if number else ""

    return starter


def made(stage, path, variant, **names):
    """That path, in the folder of the stage's owner; none where the stage is off."""
    on = plan.form(stage, variant)
    return collect(path, owner=plan.owner(stage, variant), **names) if on else []


def of(stage, path):
    """What that stage makes for the same subject."""
    return lambda wildcards: made(stage, path, **wildcards)


def weights_for(stage):
    """The published weights that the stage's parts need; their checksum counts, not their time."""
    return lambda wildcards: [
        ancient(f"resources/weights/{name}")
        for name in plan.weights(stage.format(**wildcards), wildcards.variant)
    ]


def measured(stage, variant, clips):
    """The kinds of measures in numbers that a stage reads, of these clips."""
    path = "results/measure/{owner}/{clip}.{kind}.parquet"
    kinds = [
        read.removeprefix("measure.")
        for read in plan.reads(stage, variant)
        if read.startswith("measure.") and read != "measure.parsing"
    ]
    return [
        file
        for kind in kinds
        for file in made(f"measure.{kind}", path, variant, clip=clips, kind=kind)
    ]


def parsed_by(stage, variant, clips):
    """What the crops of these clips show, where the stage reads it."""
    on = "measure.parsing" in plan.reads(stage, variant)
    path = "results/measure/{owner}/{clip}.parsing.parquet"
    return made("measure.parsing", path, variant, clip=clips) if on else []


def faces_of(variant, clips):
    """The faces of these clips."""
    return made("crop", "results/crop/{owner}/{clip}.parquet", variant, clip=clips)


def clip_file(wildcards):
    """The clip itself; where it has a .dvc pointer, that tells whether its bytes are news."""
    path = plan.clips[wildcards.clip].path
    return ancient(path) if pointer_of(wildcards.clip) else path


def clip_ancient(wildcards):
    """The clip where its frames are an input too: they tell whether its bytes are news."""
    return ancient(plan.clips[wildcards.clip].path)


def pointer_of(clip):
    """The .dvc pointer beside a clip, where there is one."""
    path = f"{plan.clips[clip].path}.dvc"
    return [path] if Path(path).exists() else []


def painted_of(stage, variant, clips):
    """The semantic maps that a person has painted, by clip, where the stage asks for any."""
    if "measure.parsing" not in plan.reads(stage, variant):
        return {}
    maps = {clip: painted_map(Path(plan.clips[clip].path)) for clip in clips}
    return {clip: file for clip, file in maps.items() if file}


onerror:
    # at the very end, the last word of every job that failed; Snakemake has shown it among all the
    # rest.  ./run, which has something to do still, asks for it in a file
    record = "".join(Path(file).read_text() for file in log)
    failed = re.findall(r"^Logfile (.*):\n=+\n(?:.*\n)*?(.*)\n=+$", record, re.MULTILINE)
    words = "".join(f"\n{file}: {word}" for file, word in dict(failed).items()) + "\n"
    if place := os.environ.get("FACELOOM_FAILED"):
        Path(place).write_text(words)
    else:
        print(words, end="", file=sys.stderr)
