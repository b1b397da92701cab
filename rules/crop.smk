"""crop: from frames to the faces cut out of them.

Needs   the clips of data/clips.tsv, results/track/*/{clip}.parquet
Makes   results/crop/*/{clip}.parquet
"""


rule crop:
    """Cut the followed faces out of a clip, with the mask of what is to be swapped."""
    input:
        clip=clip_ancient,
        sightings=of("track", "results/track/{owner}/{clip}.parquet"),
    output:
        faces="results/crop/{variant}/{clip}.parquet",
    log:
        "logs/crop/{variant}/{clip}.log",
    conda:
        "../envs/faceloom.yaml"
    params:
        people=lambda wildcards: "+".join(plan.clips[wildcards.clip].people),
        settings=settings("crop"),
        code=code("crop"),
    shell:
        """
        faceloom crop \
            --clip {input.clip:q} \
            --sightings {input.sightings:q} \
            --name {wildcards.clip:q} \
            --people {params.people:q} \
            --faces {output.faces:q} \
            --settings {params.settings:q} &>{log:q}
        """
