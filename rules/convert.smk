"""convert: from a host's faces to the donor's in their place.

Needs   results/crop/*/{clip}.parquet, results/measure/*/{clip}.identity.parquet, and what the
        kind of conversion reads: results/train/*/{cast}.pt, or results/curate/*/{person}.parquet
        and results/measure/*/{clip}.pose.parquet, results/measure/*/{clip}.parsing.parquet, and
        NAME_sem.png beside a clip if a person has painted one
Makes   results/convert/*/{swap}.parquet
"""


rule convert:
    """Put the donor's face in the place of the host's, crop by crop."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, clip_of(wildcards)),
        facts=lambda wildcards: measured(
            "convert", wildcards.variant, [clip_of(wildcards), *known_of(wildcards)]
        ),
        parsed=lambda wildcards: parsed_by(
            "convert", wildcards.variant, [clip_of(wildcards), *donors_of(wildcards)]
        ),
        painted=lambda wildcards: list(painted_for_convert(wildcards).values()),
        weights=weights_for("convert"),
        generators=generators_of,
        views=views_of,
        choices=choices_of_donors,
    output:
        swapped="results/convert/{variant}/{swap}.parquet",
    log:
        "logs/convert/{variant}/{swap}.log",
    conda:
        "../envs/faceloom.yaml"
    resources:
        gpu=1,
    params:
        pairs=lambda wildcards: plan.swaps[wildcards.swap].pairs,
        painted=lambda wildcards: [
            f"{clip}={file}" for clip, file in painted_for_convert(wildcards).items()
        ],
        settings=settings("convert"),
        code=code("convert"),
    shell:
        """
        faceloom convert \
            --faces {input.faces:q} \
            --facts {input.facts:q} \
            --parsed {input.parsed:q} \
            --painted {params.painted:q} \
            --weights {input.weights:q} \
            --generators {input.generators:q} \
            --views {input.views:q} \
            --choices {input.choices:q} \
            --pairs {params.pairs:q} \
            --swapped {output.swapped:q} \
            --settings {params.settings:q} &>{log:q}
        """
