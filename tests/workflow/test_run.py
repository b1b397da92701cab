"""./run: what it hands on, from where, and what it does when jobs fail."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.loom import PROJECT, Loom

OF_ENVIRONMENT = ("pyproject.toml", "requirements.txt", "constraints.txt")
ECHO = '#!/usr/bin/env bash\nprintf "%s " "$(basename "$0")" "$@"\nprintf "in %s\\n" "$PWD"\n'


def set_up(loom: Loom) -> Loom:
    """As ./run would leave it, so that it has nothing to set up; the commands are the stand-ins."""
    for name in ("run", *OF_ENVIRONMENT):
        shutil.copy(PROJECT / name, loom.folder / name)
    venv = loom.folder / ".venv"
    (venv / "bin").mkdir(parents=True)
    for name in ("python", "snakemake"):
        (venv / "bin" / name).symlink_to(Path(sys.executable).parent / name)
    (venv / "bin/faceloom").symlink_to(loom.folder / "stand_in/faceloom")
    made_of = b"".join((PROJECT / name).read_bytes() for name in OF_ENVIRONMENT)
    stamp = (
        f"{hashlib.sha256(made_of).hexdigest()[:16]} Python {platform.python_version()} {venv}\n"
    )
    (venv / ".stamp").write_text(stamp)
    (loom.folder / "resources/weights").mkdir(parents=True, exist_ok=True)
    return loom


@pytest.fixture
def echoing(bare: Loom) -> Loom:
    """A copy whose snakemake and faceloom say only what they were told."""
    set_up(bare)
    for name in ("snakemake", "faceloom"):
        (bare.folder / ".venv/bin" / name).unlink()
        bare.write(f".venv/bin/{name}", ECHO)
        (bare.folder / ".venv/bin" / name).chmod(0o755)
    return bare


def run(loom: Loom, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(loom.folder / "run"), *words],
        cwd=cwd or loom.folder,
        env=loom.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def gpu(loom: Loom, status: int) -> None:
    """An nvidia-smi that finds a GPU, or fails."""
    loom.write("smi/nvidia-smi", f"#!/usr/bin/env bash\nexit {status}\n")
    (loom.folder / "smi/nvidia-smi").chmod(0o755)
    loom.environment["PATH"] = f"{loom.folder / 'smi'}:{loom.environment['PATH']}"


@pytest.mark.parametrize(
    "words", [(), ("-n",), ("report", "--configfile", "x.yaml"), ("--directory", "/there")]
)
def test_words_are_snakemakes_and_the_place_is_the_project(
    echoing: Loom, tmp_path: Path, words: tuple[str, ...]
) -> None:
    gpu(echoing, 0)
    done = run(echoing, *words, cwd=tmp_path)
    assert done.stdout == " ".join(["snakemake", *words, f"in {echoing.folder}\n"])


@pytest.mark.parametrize(
    "words", [("--directory", "there"), ("-d", "there"), ("--directory=there",)]
)
def test_a_project_is_named_from_where_the_caller_is(
    echoing: Loom, tmp_path: Path, words: tuple[str, ...]
) -> None:
    gpu(echoing, 0)
    told = " ".join(words).replace("there", f"{tmp_path}/there")
    done = run(echoing, *words, "-n", cwd=tmp_path)
    assert done.stdout == f"snakemake {told} -n in {echoing.folder}\n"


def test_without_a_gpu_jobs_do_not_queue_for_it(echoing: Loom) -> None:
    gpu(echoing, 9)
    limit = f"--resources gpu={os.cpu_count()}"
    assert limit in run(echoing, "-n").stdout
    assert limit not in run(echoing, "--profile", "profiles/slurm").stdout
    assert limit not in run(echoing, "--resources", "gpu=1").stdout


def test_a_command_runs_where_it_is_called(echoing: Loom, tmp_path: Path) -> None:
    done = run(echoing, "faceloom", "track", "--help", cwd=tmp_path)
    assert done.stdout == f"faceloom track --help in {tmp_path}\n"


def test_to_set_up_is_to_do_no_more(echoing: Loom) -> None:
    assert run(echoing, "setup").stdout == ""


def test_weights_are_fetched_where_there_are_none(echoing: Loom) -> None:
    (echoing.folder / "resources/weights").rmdir()
    done = run(echoing, "setup")
    assert done.stdout == f"faceloom weights --default in {echoing.folder}\n"


def test_without_a_python_it_says_so(bare: Loom) -> None:
    shutil.copy(PROJECT / "run", bare.folder / "run")
    for name in OF_ENVIRONMENT:
        shutil.copy(PROJECT / name, bare.folder / name)
    bare.environment["PYTHON"] = "false"
    done = run(bare)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("run: no Python 3.11, 3.12 or 3.13 found;")
    assert not (bare.folder / ".venv").exists()


def test_when_jobs_fail_there_is_a_report_over_the_rest(loom: Loom, tmp_path: Path) -> None:
    set_up(loom)
    loom.configure(faster={"train": {"rate": 0.01}}, blind={"blend": {"by": "poisson"}})
    (loom.folder / "data/boris.mp4").write_text("")  # and what it was, is no more
    done = run(loom, cwd=tmp_path)
    assert done.returncode == 1
    *_, where, nothing, failed = done.stderr.splitlines()
    assert where == "run: the report over what there is: results/report.partial.html"
    assert nothing == ""
    assert failed.endswith("boris.log: extract: data/boris.mp4: nothing in it")

    given = (loom.folder / "results/report.partial.html").read_text().split()
    assert "results/blend/baseline/chen_boris.mp4" in given
    assert "results/blend/blind/chen_boris.mp4" in given  # made just now
    assert "results/blend/faster/chen_boris.mp4" in given
    assert "results/blend/baseline/boris_chen.mp4" not in given  # of another clip than there is
    assert (loom.folder / "results/blend/baseline/boris_chen.mp4").exists()
    assert loom.todo()["compare"] == 1


def test_a_typo_makes_no_report(bare: Loom) -> None:
    set_up(bare)
    bare.configure(new={"trane": {}})
    done = run(bare)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("config: variant new: trane: extra inputs")
    assert not (bare.folder / "results").exists()


def test_a_dry_run_that_fails_makes_no_report(bare: Loom) -> None:
    set_up(bare)
    assert run(bare, "-n", "results/nothing.txt").returncode == 1
    assert not (bare.folder / "results").exists()


def test_actors_without_a_python_of_their_own_are_one_line(echoing: Loom) -> None:
    for name in ("python3.11", "python3"):
        echoing.write(f".venv/bin/{name}", "#!/bin/sh\nexit 1\n")
        (echoing.folder / ".venv/bin" / name).chmod(0o755)
    echoing.environment.pop("PYTHON", None)
    done = run(echoing, "setup", "actors")
    assert done.returncode == 2
    assert done.stderr == (
        "run: the actors need a Python 3.11 and there is none; "
        "install one, or say PYTHON=/where/it/is\n"
    )
    assert not (echoing.folder / ".venv-actors").exists()
