"""rates: from a cast's faces to how the loss goes with the learning rate, as a curve.

Needs   what rules/train.smk needs
Makes   results/rates/*/{cast}.parquet, {cast}.svg

Nothing else asks for it: `./run results/rates/baseline/anna+emi.svg`.
"""


rule rates:
    """Try learning rates from far too low to far too high."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, clips_of_cast(wildcards)),
        choices=choices_of_cast,
        augmented=augmented_of_cast,
        weights=weights_for("train"),
        begin=lambda wildcards: plan.form("train", wildcards.variant).begin or [],
    output:
        table="results/rates/{variant}/{cast}.parquet",
        curve="results/rates/{variant}/{cast}.svg",
    log:
        "logs/rates/{variant}/{cast}.log",
    conda:
        "../envs/faceloom.yaml"
    threads: lambda wildcards: plan.form("train", wildcards.variant).threads
    resources:
        gpu=1,
        mem="4GB",
    params:
        people=lambda wildcards: plan.painted(wildcards.cast),
        crowd=lambda wildcards: plan.crowd(wildcards.cast),
        settings=settings("train"),
        code=code("train"),
        swept=digest("faceloom.stages.rates"),
    shell:
        """
        faceloom rates \
            --faces {input.faces:q} \
            --choices {input.choices:q} \
            --augmented {input.augmented:q} \
            --weights {input.weights:q} \
            --begin {input.begin:q} \
            --people {params.people:q} \
            --crowd {params.crowd:q} \
            --table {output.table:q} \
            --curve {output.curve:q} \
            --settings {params.settings:q} &>{log:q}
        """
