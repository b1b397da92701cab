"""extract: from a clip to an index of its frames; no pixels.

Needs   the clips of data/clips.tsv
Makes   results/extract/*/{clip}.parquet

A clip with a .dvc pointer beside it is told by the pointer: bytes that DVC checks out
again are no news.  A clip without one is told by its own checksum.
"""


rule extract:
    """List the frames of a clip: when they are shown and what they are like."""
    input:
        clip=clip_file,
        pointer=lambda wildcards: pointer_of(wildcards.clip),
    output:
        frames="results/extract/{variant}/{clip}.parquet",
    log:
        "logs/extract/{variant}/{clip}.log",
    conda:
        "../envs/faceloom.yaml"
    params:
        settings=settings("extract"),
        code=code("extract"),
    shell:
        """
        faceloom extract \
            --clip {input.clip:q} \
            --frames {output.frames:q} \
            --settings {params.settings:q} &>{log:q}
        """
