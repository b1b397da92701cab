"""train: from a cast's faces to a generator that swaps them.

Needs   results/crop/*/{clip}.parquet and results/curate/*/{person}.parquet of everybody in the
        cast, results/augment/*/{person}-{other}.parquet where it is on
Makes   results/train/*/{cast}.pt, .history.parquet, .previews.mp4

A training that was broken off goes on where it was: {cast}.resume.pt lies beside the output.
"""

from itertools import permutations


def clips_of_cast(wildcards):
    """The clips that everybody in the cast is learnt from."""
    return plan.known_by(set(plan.members(wildcards.cast)))


def choices_of_cast(wildcards):
    """What is chosen of everybody in the cast."""
    path = "results/curate/{owner}/{person}.parquet"
    return made("curate", path, wildcards.variant, person=plan.members(wildcards.cast))


def augmented_of_cast(wildcards):
    """Everybody's faces with the features of each other's."""
    path = "results/augment/{owner}/{pair[0]}-{pair[1]}.parquet"
    pairs = list(permutations(plan.members(wildcards.cast), 2))
    return made("augment", path, wildcards.variant, pair=pairs)


rule train:
    """Teach one generator the faces of everybody in the cast."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, clips_of_cast(wildcards)),
        choices=choices_of_cast,
        augmented=augmented_of_cast,
    output:
        generator="results/train/{variant}/{cast}.pt",
        history="results/train/{variant}/{cast}.history.parquet",
        previews="results/train/{variant}/{cast}.previews.mp4",
    log:
        "logs/train/{variant}/{cast}.log",
    benchmark:
        "logs/benchmarks/train/{variant}/{cast}.tsv"
    conda:
        "../envs/faceloom.yaml"
    threads: threads_of("train")
    resources:
        gpu=1,
        mem="4GB",
    params:
        people=lambda wildcards: plan.members(wildcards.cast),
        settings=settings("train"),
        code=code("train"),
    shell:
        """
        faceloom train \
            --faces {input.faces:q} \
            --choices {input.choices:q} \
            --augmented {input.augmented:q} \
            --people {params.people:q} \
            --generator {output.generator:q} \
            --history {output.history:q} \
            --previews {output.previews:q} \
            --settings {params.settings:q} &>{log:q}
        """
