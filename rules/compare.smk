"""compare: all variants side by side, in numbers and in pictures.

Needs   results/evaluate/*/{swap}.parquet, results/blend/*/{swap}.mp4 and
        results/train/*/{cast}.history.parquet of every variant, the scores of the controls,
        what refiners were given and have made (results/refine/*/{swap}.parquet and the like), and
        the labels of rendered truths (NAME.parquet, .json and .npz beside the clip)
Makes   results/compare/summary.json, scores.parquet, ranking.parquet, pictures/,
        results/report.html

Where jobs fail, `./run` asks for results/report.partial.html: the same over what there is.
"""


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
        labels=all_labels,
        refined=of_refining("refine", "results/refine/{owner}/{swap}.parquet"),
        seconds=of_refining("refine", "results/refine/{owner}/{swap}.seconds.json"),
        swapped=of_refining("convert", "results/convert/{owner}/{swap}.parquet"),
        crops=of_refining("crop", "results/crop/{owner}/{clip}.parquet"),
        parsed=of_refining("measure.parsing", "results/measure/{owner}/{clip}.parsing.parquet"),
    output:
        summary="results/compare/summary.json",
        table="results/compare/scores.parquet",
        ranking="results/compare/ranking.parquet",
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
        looks=looks("report/templates"),
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
            --labels {input.labels:q} \
            --refined {input.refined:q} \
            --seconds {input.seconds:q} \
            --swapped {input.swapped:q} \
            --crops {input.crops:q} \
            --parsed {input.parsed:q} \
            --summary {output.summary:q} \
            --table {output.table:q} \
            --ranking {output.ranking:q} \
            --pictures {output.pictures:q} \
            --report {output.report:q} \
            --settings {params.settings:q} &>{log:q}
        """


use rule compare as partial with:
    input:
        scores=finished(all_scores),
        controls=finished(controls),
        films=finished(all_films),
        clips=clips_that_were_read,
        histories=finished(of_trainings("history.parquet")),
        previews=finished(of_trainings("previews.mp4")),
        sheets=finished(all_sheets),
        labels=finished(all_labels),
        refined=finished(of_refining("refine", "results/refine/{owner}/{swap}.parquet")),
        seconds=finished(of_refining("refine", "results/refine/{owner}/{swap}.seconds.json")),
        swapped=finished(of_refining("convert", "results/convert/{owner}/{swap}.parquet")),
        crops=finished(of_refining("crop", "results/crop/{owner}/{clip}.parquet")),
        parsed=finished(
            of_refining("measure.parsing", "results/measure/{owner}/{clip}.parsing.parquet")
        ),
    output:
        summary="results/compare/partial/summary.json",
        table="results/compare/partial/scores.parquet",
        ranking="results/compare/partial/ranking.parquet",
        pictures=directory("results/compare/partial/pictures"),
        report="results/report.partial.html",
    log:
        "logs/compare.partial.log",
