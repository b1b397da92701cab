"""The real commands are disturbed, and make what they would have made; see test_faults.py."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from alike import unlike
from workflow.broken import bounded
from workflow.little import small
from workflow.loom import Loom, once
from workflow.processes import ended, inside, jobs, kill, until

FILM = "results/blend/composite/boris_chen.mp4"
GENERATOR = "results/train/baseline/boris+chen.pt"


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Loom:
    """A working copy that the real commands have woven; not to be changed."""
    return once(tmp_path_factory, "real", lambda folder: small(folder).snakemake())


@pytest.fixture
def copy(real: Loom, tmp_path: Path) -> Loom:
    """A copy of it."""
    return Loom(shutil.copytree(real.folder, tmp_path / "loom", symlinks=True))


def test_a_film_that_may_not_be_as_large(real: Loom, copy: Loom) -> None:
    good = (real.folder / FILM).read_bytes()
    (copy.folder / FILM).unlink()
    disturbed = subprocess.run(
        ["snakemake", FILM],
        cwd=copy.folder,
        env=copy.environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded(len(good) * 2 // 3),
    )
    assert disturbed.returncode == 1
    assert re.search(
        r"^logs/blend/composite/boris_chen\.log: blend: results/blend/composite/\S+\.part: "
        r"no file may be as large here; see ulimit -f$",
        disturbed.stderr,
        re.MULTILINE,
    )
    assert not list(copy.folder.glob("results/blend/composite/*"))
    copy.snakemake(FILM)
    assert (copy.folder / FILM).read_bytes() == good


def test_a_run_killed_in_training_goes_on_where_it_was(real: Loom, copy: Loom) -> None:
    shutil.rmtree((copy.folder / GENERATOR).parent)
    disturbed = subprocess.Popen(
        ["snakemake", "--quiet", "all", "--", GENERATOR], cwd=copy.folder, env=copy.environment
    )
    until((copy.folder / GENERATOR).with_suffix(".resume.pt").exists, 120)
    (job,) = jobs(disturbed.pid)
    kill(disturbed.pid)
    disturbed.wait()
    ended(job)
    assert not (copy.folder / GENERATOR).exists()

    copy.snakemake(GENERATOR)
    assert "going on from step" in (copy.folder / "logs/train/baseline/boris+chen.log").read_text()
    made, undisturbed = ((each.folder / GENERATOR).parent for each in (copy, real))
    names = {str(file.relative_to(undisturbed)) for file in undisturbed.rglob("*.*")}
    assert {str(file.relative_to(made)) for file in made.rglob("*.*")} == names
    files = (name for name in names if (undisturbed / name).is_file())
    assert not [name for name in files if unlike(made / name, undisturbed / name)]
    assert not inside(copy.folder)
