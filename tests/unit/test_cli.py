"""The command line: what a person can put right is one line, and --help costs nothing."""

import inspect
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import Field

from faceloom import cli
from faceloom.errors import FaceloomError
from faceloom.rows.faces import Face
from faceloom.settings import Settings
from faceloom.tables import write

STAGE = '''
"""stir: from this to that."""
import logging
from pathlib import Path
from faceloom.errors import FaceloomError
from faceloom.settings import Extract

log = logging.getLogger("faceloom.stages.stir")

def stir(cups: tuple[Path, ...], names: tuple[str, ...], spoon: Path, settings: Extract) -> None:
    """Stir.

    Args:
        cups: what is stirred.
        names: of the cups.
        spoon: with what.
        settings: how.
    """
    if not cups:
        raise FaceloomError("no cups; bring some")
    if names == ("stop",):
        raise KeyboardInterrupt
    log.info("%d cups at %g", len(cups), settings.rate)
    print(*cups, *names, spoon)
'''


@pytest.fixture
def stir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage of its own, as `faceloom stir`."""
    (tmp_path / "stir.py").write_text(STAGE)
    import faceloom.stages

    monkeypatch.setattr(faceloom.stages, "__path__", [str(tmp_path)])
    monkeypatch.setattr(cli, "COMMANDS", ("stir",))
    monkeypatch.setattr(cli, "STAGES", tmp_path)
    monkeypatch.setattr(cli, "end_with_run", lambda: None)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    yield
    sys.modules.pop("faceloom.stages.stir", None)


GOOD = ["stir", "--cups", "a", "b", "--names", "x", "--spoon", "s"]
NONE = ["stir", "--cups", "--spoon", "s"]


@pytest.mark.usefixtures("stir")
def test_a_stage_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer([*GOOD, "--settings", '{"rate": 30}']) == 0
    assert capsys.readouterr().out == "a b x s\n"


def test_a_stage_closes_with_a_line_in_its_name(tmp_path: Path) -> None:
    write(tmp_path / "faces.parquet", [], Face)
    done = run("unpack", "--faces", f"{tmp_path}/faces.parquet", "--out", f"{tmp_path}/crops.zip")
    assert (done.returncode, done.stderr) == (0, "unpack: 0 faces\n")


@pytest.mark.usefixtures("stir")
@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        ([*GOOD, "--settings", '{"rate": -1}'], 2, "--settings: rate: input should be greater"),
        ([*GOOD, "--settings", '{"rte": 1}'], 2, "--settings: rte: extra inputs are not permitted"),
        ([*GOOD, "--settings", "rate=1"], 2, "--settings: invalid json"),
        ([*NONE, "--names", "--settings", "{}"], 2, "no cups; bring"),
        ([*NONE, "--names", "stop", "--cups", "a", "--settings", "{}"], 130, "stop"),
    ],
)
def test_what_a_person_can_put_right_is_one_line(
    capsys: pytest.CaptureFixture[str], words: Sequence[str], status: int, line: str
) -> None:
    assert cli.answer(words) == status
    said = capsys.readouterr()
    assert said.err.startswith(f"stir: {line}")
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.usefixtures("stir")
def test_every_flag_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.answer(["stir", "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    for word in ("--cups", "what is stirred.", "--spoon", "--settings", "how"):
        assert word in said


@pytest.mark.usefixtures("stir")
def test_the_overview_has_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["--help"]) == 0
    assert "  stir  from this to that.\n" in capsys.readouterr().out


def test_an_unknown_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["trak"]) == 2
    assert capsys.readouterr().err == "faceloom: there is no command trak; did you mean track?\n"


class Many(Settings):
    """A form with a list inside."""

    class Inner(Settings):
        """What is inside."""

        size: int = Field(1, ge=1)

    inner: tuple[Inner, ...] = ()


def test_a_field_is_named_by_its_way() -> None:
    with pytest.raises(FaceloomError, match=r"^--settings: inner.1.size: input should be"):
        cli.filled(Many, json.dumps({"inner": [{"size": 2}, {"size": 0}]}))


@pytest.mark.parametrize("command", [*cli.COMMANDS, *cli.FOR_PEOPLE])
def test_every_command_has_a_module_and_its_line(command: str) -> None:
    assert cli.purpose(command), f"{command}.py has no first line `{command}: …`"


@pytest.mark.parametrize("command", cli.FOR_PEOPLE)
def test_every_command_for_people_explains_all_it_takes(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.answer([command, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: faceloom {command}")
    function = cli.command(command)
    told = (inspect.getdoc(function) or "").partition("Args:\n")[2]
    explained = [line.split(":")[0].strip() for line in told.splitlines()]
    assert explained == list(inspect.signature(function).parameters)


def test_help_is_quick_for_it_imports_no_stage() -> None:
    line = (
        "import sys; from faceloom import cli; cli.answer(['--help']); "
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('torch', 'cv2', 'pandas', 'pyarrow', 'scipy', 'sklearn', 'snakemake')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_reader_who_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    done = run("--help", stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def run(*words: str, **channels: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "faceloom", *words]
    return subprocess.run(
        command, **{"stdout": subprocess.PIPE, **channels}, stderr=subprocess.PIPE, text=True
    )
