"""train: from a cast's faces to a generator that swaps them.

Needs   results/crop/*/{clip}.parquet and results/curate/*/{person}.parquet of everybody in the
        cast, results/augment/*/{person}-{other}.parquet where it is on, the weights that its
        losses need
Makes   results/train/*/{cast}.pt, .history.parquet, .previews.mp4

A training that was broken off goes on where it was: {cast}.resume.pt lies beside the output.
"""


rule train:
    """Teach one generator the faces of everybody in the cast."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, clips_of_cast(wildcards)),
        choices=choices_of_cast,
        augmented=augmented_of_cast,
        weights=weights_for("train"),
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
        people=lambda wildcards: plan.painted(wildcards.cast),
        crowd=lambda wildcards: plan.crowd(wildcards.cast),
        settings=settings("train"),
        code=code("train"),
    shell:
        """
        faceloom train \
            --faces {input.faces:q} \
            --choices {input.choices:q} \
            --augmented {input.augmented:q} \
            --weights {input.weights:q} \
            --people {params.people:q} \
            --crowd {params.crowd:q} \
            --generator {output.generator:q} \
            --history {output.history:q} \
            --previews {output.previews:q} \
            --settings {params.settings:q} &>{log:q}
        """
