import logging
import pickle
from pathlib import Path

import pytest
import torch

from faceloom.errors import FaceloomError
from faceloom.training.state import State, load


def example(fingerprint: str = "mine") -> State:
    weight = torch.nn.Parameter(torch.randn(4, 3, 3, 3).to(memory_format=torch.channels_last))
    optimiser = torch.optim.Adam([weight], fused=True)
    weight.square().sum().backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return State(
        fingerprint=fingerprint,
        step=7,
        generator={"weight": weight.detach()},
        optimiser=optimiser.state_dict(),
        rngs={"draws": torch.Generator().manual_seed(3).get_state()},
        tally={"rows": [(5, "total", 0.5)], "skipped": [3], "sums": {"total": 0.1}, "count": 2},
    )


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    state = example()
    state.save(tmp_path / "resume.pt")
    again = load(tmp_path / "resume.pt", "mine")
    assert again is not None
    assert torch.equal(again.generator["weight"], state.generator["weight"])
    assert again.generator["weight"].stride() == state.generator["weight"].stride()
    assert torch.equal(again.rngs["draws"], state.rngs["draws"])
    moments, before = again.optimiser["state"][0], state.optimiser["state"][0]
    assert all(torch.equal(moments[name], before[name]) for name in before)
    assert again.optimiser["param_groups"] == state.optimiser["param_groups"]
    assert (again.step, again.tally) == (7, state.tally)
    assert [path.name for path in tmp_path.iterdir()] == ["resume.pt"]


def test_nothing_saved_is_nothing_to_go_on_from(tmp_path: Path) -> None:
    assert load(tmp_path / "resume.pt", "mine") is None


def test_another_fingerprint_is_not_trusted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    example("another").save(tmp_path / "resume.pt")
    with caplog.at_level(logging.WARNING):
        assert load(tmp_path / "resume.pt", "mine") is None
    assert "starting anew" in caplog.text


@pytest.mark.parametrize(
    "content", [b"", b"no state at all", pickle.dumps({"step": 1}, protocol=2)]
)
def test_something_else_is_not_trusted(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "resume.pt").write_bytes(content)
    assert load(tmp_path / "resume.pt", "mine") is None
    assert "starting anew" in caplog.text


def test_half_a_state_is_not_trusted(tmp_path: Path) -> None:
    example().save(tmp_path / "resume.pt")
    whole = (tmp_path / "resume.pt").read_bytes()
    (tmp_path / "resume.pt").write_bytes(whole[: len(whole) // 2])
    assert load(tmp_path / "resume.pt", "mine") is None


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("executed",)


def test_a_state_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save({"fingerprint": "mine", "step": Evil()}, tmp_path / "resume.pt")
    assert load(tmp_path / "resume.pt", "mine") is None
    assert "executed" not in capsys.readouterr().out


def test_a_failed_save_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "resume.pt"
    example().save(path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FaceloomError, match="no room left"):
        example().save(path)
    assert path.read_bytes() == before
