"""compare: all variants side by side, in numbers and in pictures.

Needs   results/evaluate/*/{swap}.parquet, results/blend/*/{swap}.mp4 and results/train/*/{cast}.history.parquet
        of every variant, and the scores of the controls
Makes   results/compare/summary.json, scores.parquet, pictures/, results/report.html
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
    chosen = collect("results/curate/{owner}/{person}.png", owner=plan.owners("curate"), person=people)
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
    conda:
        "../envs/faceloom.yaml"
    localrule: True
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
