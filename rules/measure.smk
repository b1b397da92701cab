"""measure: from faces to one kind of fact about them; a job for each kind that somebody reads.

Needs   results/crop/*/{clip}.parquet
Makes   results/measure/*/{clip}.{kind}.parquet
"""


rule measure:
    """Find out one kind of fact about every face."""
    input:
        faces=of("crop", "results/crop/{owner}/{clip}.parquet"),
        weights=weights_for("measure.{kind}"),
    output:
        facts="results/measure/{variant}/{clip}.{kind}.parquet",
    log:
        "logs/measure/{variant}/{clip}.{kind}.log",
    benchmark:
        "logs/benchmarks/measure/{variant}/{clip}.{kind}.tsv"
    conda:
        "../envs/faceloom.yaml"
    params:
        settings=settings("measure.{kind}"),
        code=code("measure.{kind}"),
    shell:
        """
        faceloom measure \
            --faces {input.faces:q} \
            --weights {input.weights:q} \
            --facts {output.facts:q} \
            --settings {params.settings:q} &>{log:q}
        """
