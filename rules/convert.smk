"""convert: from a host's faces to the donor's in their place.

Needs   results/crop/*/{clip}.parquet, results/measure/*/{clip}.identity.parquet, and what the
        kind of conversion reads: results/train/*/{cast}.pt, or results/curate/*/{person}.parquet
        and results/measure/*/{clip}.pose.parquet
Makes   results/convert/*/{swap}.parquet
"""


def clip_of(wildcards):
    """The clip that a swap is about."""
    return plan.swaps[wildcards.swap].clip


def known_of(wildcards):
    """The clips that show how the people of a swap look."""
    known = plan.known_by(plan.swaps[wildcards.swap].people)
    return [clip for clip in known if clip != clip_of(wildcards)]


def generators_of(wildcards):
    """The generators of the casts that a swap needs, where its faces are generated."""
    if "train" not in plan.reads("convert", wildcards.variant):
        return []
    casts = plan.casts_of(wildcards.variant, wildcards.swap)
    return made("train", "results/train/{owner}/{cast}.pt", wildcards.variant, cast=casts)


def views_of(wildcards):
    """The faces of the donors, where a conversion shows them."""
    if "curate" not in plan.reads("convert", wildcards.variant):
        return []
    donors = set(plan.swaps[wildcards.swap].faces.values())
    return faces_of(wildcards.variant, plan.known_by(donors))


def choices_of_donors(wildcards):
    """Which of the donors' faces are worth showing."""
    if "curate" not in plan.reads("convert", wildcards.variant):
        return []
    donors = sorted(set(plan.swaps[wildcards.swap].faces.values()))
    path = "results/curate/{owner}/{person}.parquet"
    return made("curate", path, wildcards.variant, person=donors)


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
