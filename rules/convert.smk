"""convert: from a host's faces to the donor's in their place.

Needs   results/crop/*/{clip}.parquet, results/measure/*/{clip}.identity.parquet, and what the
        kind of conversion reads: results/train/*/{cast}.pt, or results/curate/*/{person}.parquet
        and results/measure/*/{clip}.pose.parquet
Makes   results/convert/*/{swap}.parquet
"""


rule convert:
    """Put the donor's face in the place of the host's, crop by crop."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, clip_of(wildcards)),
        facts=lambda wildcards: measured(
            "convert", wildcards.variant, [clip_of(wildcards), *known_of(wildcards)]
        ),
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
        settings=settings("convert"),
        code=code("convert"),
    shell:
        """
        faceloom convert \
            --faces {input.faces:q} \
            --facts {input.facts:q} \
            --generators {input.generators:q} \
            --views {input.views:q} \
            --choices {input.choices:q} \
            --pairs {params.pairs:q} \
            --swapped {output.swapped:q} \
            --settings {params.settings:q} &>{log:q}
        """
