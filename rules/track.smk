"""track: from faces in frames to the paths that people's faces take.

Needs   results/extract/*/{clip}.parquet, results/detect/*/{clip}.parquet
Makes   results/track/*/{clip}.parquet
"""


rule track:
    """Follow faces through a clip and steady them."""
    input:
        frames=of("extract", "results/extract/{owner}/{clip}.parquet"),
        detections=of("detect", "results/detect/{owner}/{clip}.parquet"),
    output:
        sightings="results/track/{variant}/{clip}.parquet",
    log:
        "logs/track/{variant}/{clip}.log",
    localrule: True
    conda:
        "../envs/faceloom.yaml"
    params:
        settings=settings("track"),
        code=code("track"),
    shell:
        """
        faceloom track \
            --frames {input.frames:q} \
            --detections {input.detections:q} \
            --sightings {output.sightings:q} \
            --settings {params.settings:q} &>{log:q}
        """
