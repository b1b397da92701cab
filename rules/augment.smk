"""augment: a person's faces with features of the other's look-alikes.

Needs   results/crop/*/{clip}.parquet and results/curate/*/{person}.parquet of both,
        results/match/*/{person}-{other}.parquet
Makes   results/augment/*/{person}-{other}.parquet, {person}-{other}.png
"""


rule augment:
    """Put features of look-alikes into a person's faces."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, of_both(wildcards)),
        choices=of("curate", "results/curate/{owner}/{person}.parquet"),
        lookalikes=of("match", "results/match/{owner}/{person}-{other}.parquet"),
    output:
        augmented="results/augment/{variant}/{person}-{other}.parquet",
        sheet="results/augment/{variant}/{person}-{other}.png",
    log:
        "logs/augment/{variant}/{person}-{other}.log",
    conda:
        "../envs/faceloom.yaml"
    params:
        settings=settings("augment"),
        code=code("augment"),
    shell:
        """
        faceloom augment \
            --faces {input.faces:q} \
            --choices {input.choices:q} \
            --lookalikes {input.lookalikes:q} \
            --augmented {output.augmented:q} \
            --sheet {output.sheet:q} \
            --settings {params.settings:q} &>{log:q}
        """
