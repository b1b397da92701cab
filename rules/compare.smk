"""compare: all variants side by side, in numbers and in pictures.

Needs   results/evaluate/*/{swap}.parquet, results/blend/*/{swap}.mp4 and
        results/train/*/{cast}.history.parquet of every variant, and the scores of the controls
Makes   results/compare/summary.json, scores.parquet, pictures/, results/report.html

Where jobs fail, `./run` asks for results/report.partial.html: the same over what there is.
"""

from faceloom.variants import ROOT


def controls(wildcards):
    """The scores of the host's own clips, and of the truths there are."""
    owner = plan.owner("evaluate", ROOT)
    true = [name for name, swap in plan.swaps.items() if swap.truth]
    path = "results/evaluate/{owner}/{swap}.{control}.parquet"
    return collect(path, owner=owner, swap=list(plan.swaps), control="untouched") + collect(
        path, owner=owner, swap=true, control="twin"
    )


def all_scores(wildcards):
    """The scores of every variant and swap."""
    path = "results/evaluate/{owner}/{swap}.parquet"
    return collect(path, owner=plan.owners("evaluate"), swap=list(plan.swaps))


def of_trainings(ending):
    """What every training leaves, by the ending of its name."""

    def files(wildcards):
        training = [(plan.owner("train", name), name) for name in plan if plan.trains(name)]
        return [
            f"results/train/{owner}/{cast}.{ending}"
            for owner, name in dict(training).items()
            for cast in dict.fromkeys(
                cast for swap in plan.swaps for cast in plan.casts_of(name, swap)
            )
        ]

    return files


def all_sheets(wildcards):
    """The contact sheets of chosen and of augmented faces."""
    people = sorted({person for cast in plan.casts() for person in plan.members(cast)})
    owners = plan.owners("curate")
    chosen = collect("results/curate/{owner}/{person}.png", owner=owners, person=people)
    pairs = [pair for cast in plan.casts() for pair in permutations(plan.members(cast), 2)]
    return chosen + collect(
        "results/augment/{owner}/{pair[0]}-{pair[1]}.png", owner=plan.owners("augment"), pair=pairs
    )


def clips_of_swaps(wildcards):
    """The hosts' own clips and the truths, to be shown beside the films."""
    shown = [clip for swap in plan.swaps.values() for clip in (swap.clip, swap.truth) if clip]
    return [ancient(plan.clips[clip].path) for clip in dict.fromkeys(shown)]


rule compare:
    """Put all variants side by side."""
    input:
        scores=all_scores,
        controls=controls,
        films=all_films,
        clips=clips_of_swaps,
        histories=of_trainings("history.parquet"),
        previews=of_trainings("previews.mp4"),
        sheets=all_sheets,
    output:
        summary="results/compare/summary.json",
        table="results/compare/scores.parquet",
        pictures=directory("results/compare/pictures"),
        report=report(
            "results/report.html", caption="../workflow/report/report.rst", category="compare"
        ),
    log:
        "logs/compare.log",
    localrule: True
    conda:
        "../envs/faceloom.yaml"
    params:
        settings=plan.experiments(),
        code=digest("faceloom.stages.compare"),
    shell:
        """
        faceloom compare \
            --scores {input.scores:q} \
            --controls {input.controls:q} \
            --films {input.films:q} \
            --clips {input.clips:q} \
            --histories {input.histories:q} \
            --previews {input.previews:q} \
            --sheets {input.sheets:q} \
            --summary {output.summary:q} \
            --table {output.table:q} \
            --pictures {output.pictures:q} \
            --report {output.report:q} \
            --settings {params.settings:q} &>{log:q}
        """


def due():
    """What is still to be made, as `snakemake --summary` has said where FACELOOM_DUE tells."""
    said = os.environ.get("FACELOOM_DUE")
    rows = [line.split("\t") for line in Path(said).read_text().splitlines()] if said else []
    return {row[0] for row in rows if row[-1] == "update pending"}


def finished(files):
    """Those of the files that are there, and not of an earlier state of things."""
    return lambda wildcards: [
        file for file in files(wildcards) if Path(file).exists() and file not in due()
    ]


use rule compare as partial with:
    input:
        scores=finished(all_scores),
        controls=finished(controls),
        films=finished(all_films),
        clips=finished(clips_of_swaps),
        histories=finished(of_trainings("history.parquet")),
        previews=finished(of_trainings("previews.mp4")),
        sheets=finished(all_sheets),
    output:
        summary="results/compare/partial/summary.json",
        table="results/compare/partial/scores.parquet",
        pictures=directory("results/compare/partial/pictures"),
        report="results/report.partial.html",
    log:
        "logs/compare.partial.log",
