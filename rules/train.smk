"""train: from a cast's faces to a generator that swaps them.

Needs   results/crop/*/{clip}.parquet and results/curate/*/{person}.parquet of everybody in the
        cast, results/augment/*/{person}-{other}.parquet where it is on, the weights that its
        losses need; of swaps to choose weights by results/crop/*/{clip}.parquet and the truth
Makes   results/train/*/{cast}.pt, .history.parquet, .previews.mp4, .varied.png

A training that was broken off goes on where it was: {cast}.resume.pt lies beside the output.
One with more steps goes on where their number begins to matter: {cast}.state.pt and the pages of
{cast}.previews stay there.  What TensorBoard shows is in logs/train/{variant}/{cast}.scalars.
"""


rule train:
    """Teach one generator the faces of everybody in the cast."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, clips_of_cast(wildcards)),
        choices=choices_of_cast,
        augmented=augmented_of_cast,
        weights=weights_for("train"),
        begin=lambda wildcards: plan.form("train", wildcards.variant).begin or [],
        chosen=chosen_faces,
        truths=chosen_truths,
        index=index_of_chosen,
    output:
        generator="results/train/{variant}/{cast}.pt",
        history="results/train/{variant}/{cast}.history.parquet",
        previews="results/train/{variant}/{cast}.previews.mp4",
        varied="results/train/{variant}/{cast}.varied.png",
    log:
        "logs/train/{variant}/{cast}.log",
    benchmark:
        "logs/benchmarks/train/{variant}/{cast}.tsv"
    conda:
        "../envs/faceloom.yaml"
    threads: threads_of("train")
    resources:
        gpu=lambda wildcards: plan.form("train", wildcards.variant).processes or 1,
        mem="4GB",
    params:
        people=lambda wildcards: plan.painted(wildcards.cast),
        crowd=lambda wildcards: plan.crowd(wildcards.cast),
        settings=settings("train"),
        code=code("train"),
        several=by_several("train"),
        scalars="logs/train/{variant}/{cast}.scalars",
        become=chosen_pairs,
    shell:
        """
        {params.several} \
            faceloom train \
            --faces {input.faces:q} \
            --choices {input.choices:q} \
            --augmented {input.augmented:q} \
            --weights {input.weights:q} \
            --begin {input.begin:q} \
            --scalars {params.scalars:q} \
            --chosen {input.chosen:q} \
            --truths {input.truths:q} \
            --become {params.become:q} \
            --people {params.people:q} \
            --crowd {params.crowd:q} \
            --generator {output.generator:q} \
            --history {output.history:q} \
            --previews {output.previews:q} \
            --varied {output.varied:q} \
            --settings {params.settings:q} &>{log:q}
        """
