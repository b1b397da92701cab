"""decoder: from faces to a network that paints a picture by what a layer of VGG19 sees in it.

Needs   results/crop/*/{clip}.parquet of the people of all swaps, vgg_normalized.pth
Makes   results/decoder/{layer}.pt, {layer}.history.parquet

Where a WCT goes through layers whose decoders are not published: docs/refinement.md.  A training
that was broken off goes on where it was: {layer}.resume.pt lies beside the output.
"""


rule decoder:
    """Teach a network to paint faces by the features of a layer."""
    input:
        faces=faces_of(ROOT, plan.known_by(plan.everybody())),
        weights=ancient("resources/weights/vgg_normalized.pth"),
    output:
        network="results/decoder/{layer}.pt",
        history="results/decoder/{layer}.history.parquet",
    log:
        "logs/decoder/{layer}.log",
    benchmark:
        "logs/benchmarks/decoder/{layer}.tsv"
    conda:
        "../envs/faceloom.yaml"
    threads: plan.decoder.threads
    resources:
        gpu=1,
    params:
        settings=plan.decoder.model_dump_json(),
        code=digest("faceloom.stages.decoder"),
    shell:
        """
        faceloom decoder \
            --faces {input.faces:q} \
            --layer {wildcards.layer:q} \
            --weights {input.weights:q} \
            --network {output.network:q} \
            --history {output.history:q} \
            --settings {params.settings:q} &>{log:q}
        """
