"""curate: from all faces of a person to those worth learning from.

Needs   results/crop/*/{clip}.parquet and results/measure/*/{clip}.{kind}.parquet
        of all clips that the person is learnt from
Makes   results/curate/*/{person}.parquet, {person}.png
"""


rule curate:
    """Choose the faces worth learning from, and say why the others are not."""
    input:
        faces=lambda wildcards: faces_of(wildcards.variant, plan.clips_of(wildcards.person)),
        facts=lambda wildcards: measured(
            "curate", wildcards.variant, plan.clips_of(wildcards.person)
        ),
    output:
        choices="results/curate/{variant}/{person}.parquet",
        sheet="results/curate/{variant}/{person}.png",
    log:
        "logs/curate/{variant}/{person}.log",
    conda:
        "../envs/faceloom.yaml"
    params:
        judged=lambda wildcards: plan.judged(wildcards.person),
        settings=settings("curate"),
        code=code("curate"),
    shell:
        """
        faceloom curate \
            --faces {input.faces:q} \
            --facts {input.facts:q} \
            --person {wildcards.person:q} \
            --judged {params.judged:q} \
            --choices {output.choices:q} \
            --sheet {output.sheet:q} \
            --settings {params.settings:q} &>{log:q}
        """
