"""evaluate: what a film is worth, by every metric; and what its controls are worth.

Needs   results/blend/*/{swap}.mp4 and its sidecar, results/crop/*/{clip}.parquet,
        results/measure/*/{clip}.{kind}.parquet of the kinds its metrics read, and the clip of the
        truth where there is one; the labels beside it (NAME.npz) where it was rendered
Makes   results/evaluate/*/{swap}.parquet, {swap}.untouched.parquet, {swap}.twin.parquet

A control is a film that nobody made: the host's own clip, or the truth itself.  Every score is
read between these two.
"""


rule evaluate:
    """Score a film."""
    input:
        film=of("blend", "results/blend/{owner}/{swap}.mp4"),
        sidecar=of("blend", "results/blend/{owner}/{swap}.json"),
        clip=lambda wildcards: ancient(plan.clips[clip_of(wildcards)].path),
        truth=truth_of,
        labels=labels_of_truth,
        index=index_of_truth,
        faces=lambda wildcards: faces_of(wildcards.variant, clip_of(wildcards)),
        facts=facts_for_evaluate,
        weights=weights_for("evaluate"),
    output:
        scores="results/evaluate/{variant}/{swap}.parquet",
    log:
        "logs/evaluate/{variant}/{swap}.log",
    benchmark:
        "logs/benchmarks/evaluate/{variant}/{swap}.tsv"
    conda:
        "../envs/faceloom.yaml"
    params:
        pairs=lambda wildcards: plan.swaps[wildcards.swap].pairs,
        settings=settings("evaluate"),
        code=code("evaluate"),
    shell:
        """
        faceloom evaluate \
            --film {input.film:q} \
            --sidecar {input.sidecar:q} \
            --clip {input.clip:q} \
            --truth {input.truth:q} \
            --labels {input.labels:q} \
            --faces {input.faces:q} \
            --facts {input.facts:q} \
            --weights {input.weights:q} \
            --pairs {params.pairs:q} \
            --scores {output.scores:q} \
            --settings {params.settings:q} &>{log:q}
        """


use rule evaluate as control with:
    input:
        film=control_film,
        sidecar=[],
        clip=lambda wildcards: ancient(plan.clips[clip_of(wildcards)].path),
        truth=truth_of,
        labels=labels_of_truth,
        index=index_of_truth,
        faces=lambda wildcards: faces_of(wildcards.variant, clip_of(wildcards)),
        facts=facts_for_evaluate,
        weights=weights_for("evaluate"),
    output:
        scores="results/evaluate/{variant}/{swap}.{control}.parquet",
    log:
        "logs/evaluate/{variant}/{swap}.{control}.log",
    benchmark:
        "logs/benchmarks/evaluate/{variant}/{swap}.{control}.tsv"
