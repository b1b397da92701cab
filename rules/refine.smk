"""refine: the new faces, touched up by one refiner after the other.

Needs   results/convert/*/{swap}.parquet, results/crop/*/{clip}.parquet, and where it counts what
        they show results/measure/*/{clip}.parsing.parquet, and NAME_sem.png beside the clip if a
        person has painted one; results/decoder/{layer}.pt where a WCT goes through other layers
Makes   results/refine/*/{swap}.parquet, {swap}.seconds.json
"""


rule refine:
    """Touch up the new faces."""
    input:
        swapped=of("convert", "results/convert/{owner}/{swap}.parquet"),
        faces=lambda wildcards: faces_of(wildcards.variant, clip_of(wildcards)),
        weights=weights_for("refine"),
        parsed=lambda wildcards: parsed_by("refine", wildcards.variant, clip_of(wildcards)),
        decoders=decoders_of,
        painted=lambda wildcards: list(
            painted_of("refine", wildcards.variant, [clip_of(wildcards)]).values()
        ),
    output:
        refined="results/refine/{variant}/{swap}.parquet",
        seconds="results/refine/{variant}/{swap}.seconds.json",
    log:
        "logs/refine/{variant}/{swap}.log",
    conda:
        "../envs/faceloom.yaml"
    resources:
        gpu=1,
    params:
        settings=settings("refine"),
        code=code("refine"),
    shell:
        """
        faceloom refine \
            --swapped {input.swapped:q} \
            --faces {input.faces:q} \
            --weights {input.weights:q} \
            --parsed {input.parsed:q} \
            --painted {input.painted:q} \
            --decoders {input.decoders:q} \
            --refined {output.refined:q} \
            --seconds {output.seconds:q} \
            --settings {params.settings:q} &>{log:q}
        """
