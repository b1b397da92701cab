"""The benchmark on rendered people: every job is known before anything is rendered."""

import re

import yaml

from workflow.loom import PROJECT, Loom

CONFIG = "benchmarks/twins.yaml"


def small(loom: Loom) -> dict[str, object]:
    """The small benchmark's config, in the working copy, with what the renderer needs."""
    text = (PROJECT / CONFIG).read_text()
    loom.write(CONFIG, text)
    for name in ("cast.yaml", "assets.tar.xz"):
        loom.write(f"data/actors/{name}", "in place of it\n")
    said: dict[str, object] = yaml.safe_load(text)
    return said


def test_all_that_two_casts_two_recipes_and_two_trainings_take(bare: Loom) -> None:
    small(bare)
    todo = bare.todo("twins", "--configfile", CONFIG)
    assert todo["actors"] == 4 + 2 * 4  # each to be learnt from; each shot and its twin
    assert todo["train"] == 2 * 2  # blending by Poisson is no training of its own
    assert todo["blend"] == todo["evaluate"] == 2 * 2 * 4
    assert todo["control"] == 2 * 4
    assert todo["compare"] == todo["twins"] == 1


def test_a_benchmark_leaves_the_project_around_it_alone(bare: Loom) -> None:
    small(bare)
    bare.todo("twins", "--configfile", CONFIG)
    assert (bare.folder / "twins/small/resources/faceloom").is_symlink()
    before = bare.todo()
    assert before["actors"] == 0 and before["twins"] == 0 and before["compare"] == 1


def test_what_a_truth_is_labelled_with_comes_with_it(bare: Loom) -> None:
    small(bare)
    said = bare.snakemake("--dry-run", "twins", "--configfile", CONFIG)
    made = r"results/actors/(\d+)/s11c_as_s11d\.npz"
    (take,) = {found for found in re.findall(rf"output: .*{made}", said)}
    scored = [line for line in said.splitlines() if "s11c_s11d_hand.mp4, " in line]
    assert any(f"results/actors/{take}/s11c_as_s11d.npz" in line for line in scored)


def test_a_slip_is_said_in_a_line(bare: Loom) -> None:
    said = small(bare)
    bare.write(CONFIG, yaml.safe_dump({**said, "twins": {"name": "small", "sead": 3}}))
    done = bare.run("snakemake", "twins", "--configfile", CONFIG, "--dry-run")
    assert done.returncode == 1 and "Traceback" not in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("config: twins: ")]
    assert "seed: field required" in line and "sead" in line
