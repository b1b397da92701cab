"""parser: from rendered people to a network that tells what the pixels of a face's crop show.

Needs   what rules/actors.smk needs, and the network that it is to go on from, if any
Makes   results/parser/face_parser.pt, face_parser.history.parquet, shots/{take}/{shot}.*

Nothing else asks for it: the network that `measure.parsing` uses is one that was promoted, as
docs/parsing.md tells.  A training that was broken off goes on where it was: face_parser.resume.pt
lies beside the output.
"""


use rule actors as shots with:
    output:
        film="results/parser/shots/{take}/{shot}.mp4",
        facts="results/parser/shots/{take}/{shot}.json",
        rows="results/parser/shots/{take}/{shot}.parquet",
        masks="results/parser/shots/{take}/{shot}.npz",
    log:
        "logs/parser/shots/{take}/{shot}.log",
    params:
        folder=lambda wildcards: f"results/parser/shots/{wildcards.take}",
        python=home / ".venv-actors/bin/python",
        settings=plan.parser.shots.model_dump_json(),
        code=digest("faceloom.stages.actors", "faceloom.actors.blender"),


rule parser:
    """Teach a network what each pixel of a face's crop shows."""
    input:
        films=shots_to_learn("mp4"),
        rows=shots_to_learn("parquet"),
        masks=shots_to_learn("npz"),
        begin=plan.parser.begin or [],
    output:
        network="results/parser/face_parser.pt",
        history="results/parser/face_parser.history.parquet",
    log:
        "logs/parser/face_parser.log",
    benchmark:
        "logs/benchmarks/parser/face_parser.tsv"
    conda:
        "../envs/faceloom.yaml"
    threads: plan.parser.threads
    resources:
        gpu=1,
    params:
        settings=plan.parser.model_dump_json(),
        code=digest("faceloom.stages.parser"),
    shell:
        """
        faceloom parser \
            --films {input.films:q} \
            --rows {input.rows:q} \
            --masks {input.masks:q} \
            --begin {input.begin:q} \
            --network {output.network:q} \
            --history {output.history:q} \
            --settings {params.settings:q} &>{log:q}
        """
