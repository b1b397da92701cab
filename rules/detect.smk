"""detect: from frames to the faces in them.

Needs   the clips of data/clips.tsv, results/extract/*/{clip}.parquet
Makes   results/detect/*/{clip}.parquet
"""


rule detect:
    """Find the faces in every frame, and the landmarks of each."""
    input:
        clip=clip_ancient,
        frames=of("extract", "results/extract/{owner}/{clip}.parquet"),
        weights=weights_for("detect"),
    output:
        detections="results/detect/{variant}/{clip}.parquet",
    log:
        "logs/detect/{variant}/{clip}.log",
    benchmark:
        "logs/benchmarks/detect/{variant}/{clip}.tsv"
    conda:
        "../envs/faceloom.yaml"
    params:
        settings=settings("detect"),
        code=code("detect"),
    shell:
        """
        faceloom detect \
            --clip {input.clip:q} \
            --frames {input.frames:q} \
            --weights {input.weights:q} \
            --detections {output.detections:q} \
            --settings {params.settings:q} &>{log:q}
        """
