"""Faceloom: from clips and consent to swapped films and a report.

Usage   snakemake --cores all          everything that config.yaml asks for
        snakemake -n                   what would be made, and why
        snakemake report               the report alone, and what it needs
        snakemake twins --configfile X  a benchmark on people rendered for it: docs/twins.md

The rules follow the data: rules/extract.smk first, rules/compare.smk last.
"""

from snakemake.utils import min_version

min_version("9.20")


if "twins" in config:  # a benchmark has a config of its own, and all that it makes

    workdir: f"twins/{dict(config['twins'] or {}).get('name', 'nameless')}"

else:

    configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "rules/common.smk"
include: "rules/inputs.smk"
include: "rules/weights.smk"
include: "rules/actors.smk"
include: "rules/parser.smk"
include: "rules/extract.smk"
include: "rules/detect.smk"
include: "rules/track.smk"
include: "rules/crop.smk"
include: "rules/measure.smk"
include: "rules/curate.smk"
include: "rules/match.smk"
include: "rules/augment.smk"
include: "rules/train.smk"
include: "rules/rates.smk"
include: "rules/convert.smk"
include: "rules/decoder.smk"
include: "rules/refine.smk"
include: "rules/blend.smk"
include: "rules/evaluate.smk"
include: "rules/compare.smk"


rule all:
    """Every film, every score, and the report over them."""
    default_target: True
    input:
        films=all_films,
        report="results/report.html",


rule report:
    """The report, and no film that it does not show."""
    input:
        "results/report.html",


rule twins:
    """Recipes ranked on people whom nobody tuned them on; --configfile says how many."""
    input:
        "results/report.html",
