"""blend: the new faces laid into the clip, as a film that says what it is.

Needs   the clips of data/clips.tsv, results/extract/*/{clip}.parquet, and
        results/refine/*/{swap}.parquet, or results/convert/*/{swap}.parquet where nothing refines;
        results/measure/*/{clip}.parsing.parquet where hands and the like stay before the face
Makes   results/blend/*/{swap}.mp4, {swap}.json
"""


rule blend:
    """Lay the new faces into the clip, and write the film with its lineage beside it."""
    input:
        clip=lambda wildcards: ancient(plan.clips[clip_of(wildcards)].path),
        frames=lambda wildcards: made(
            "extract",
            "results/extract/{owner}/{clip}.parquet",
            wildcards.variant,
            clip=clip_of(wildcards),
        ),
        faces=new_faces,
        parsed=lambda wildcards: parsed_by("blend", wildcards.variant, clip_of(wildcards)),
        forebears=forebears,
    output:
        film=report(
            "results/blend/{variant}/{swap}.mp4",
            caption="../workflow/report/film.rst",
            category="blend",
            labels={"variant": "{variant}", "swap": "{swap}"},
        ),
        sidecar="results/blend/{variant}/{swap}.json",
    log:
        "logs/blend/{variant}/{swap}.log",
    benchmark:
        "logs/benchmarks/blend/{variant}/{swap}.tsv"
    conda:
        "../envs/faceloom.yaml"
    threads: threads_of("blend")
    params:
        lineage=lambda wildcards: plan.lineage(wildcards.variant, wildcards.swap),
        settings=settings("blend"),
        code=code("blend"),
    shell:
        """
        faceloom blend \
            --clip {input.clip:q} \
            --frames {input.frames:q} \
            --faces {input.faces:q} \
            --parsed {input.parsed:q} \
            --forebears {input.forebears:q} \
            --lineage {params.lineage:q} \
            --film {output.film:q} \
            --sidecar {output.sidecar:q} \
            --settings {params.settings:q} &>{log:q}
        """
