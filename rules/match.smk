"""match: every face's look-alikes among another person's.

Needs   results/crop/*/{clip}.parquet, results/measure/*/{clip}.identity.parquet and
        results/curate/*/{person}.parquet of both
Makes   results/match/*/{person}-{other}.parquet
"""


rule match:
    """Find every face's nearest look-alikes among another person's faces."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, of_both(wildcards)),
        facts=lambda wildcards: measured("match", wildcards.variant, of_both(wildcards)),
        choices=of("curate", "results/curate/{owner}/{person}.parquet"),
        others=of("curate", "results/curate/{owner}/{other}.parquet"),
    output:
        lookalikes="results/match/{variant}/{person}-{other}.parquet",
    log:
        "logs/match/{variant}/{person}-{other}.log",
    conda:
        "../envs/faceloom.yaml"
    params:
        settings=settings("match"),
        code=code("match"),
    shell:
        """
        faceloom match \
            --faces {input.faces:q} \
            --facts {input.facts:q} \
            --choices {input.choices:q} \
            --others {input.others:q} \
            --lookalikes {output.lookalikes:q} \
            --settings {params.settings:q} &>{log:q}
        """
