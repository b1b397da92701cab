"""torch.compile where there is a compiler; one line where there is none."""

import sys
from pathlib import Path

import pytest
import torch

from faceloom.training import compiling

sys.path.insert(0, str(Path(__file__).parent))
from tiny import generator, trained

CPU = torch.device("cpu")


def test_without_a_compiler_it_goes_on_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    made = generator()
    assert not compiling.compiled(made, None, CPU)
    assert caplog.messages == [
        "train.compile: a C++ compiler (no-such-compiler) is not there; going on without"
    ]
    with torch.no_grad():
        made(torch.zeros(1, 3, 32, 32), "boris")


@pytest.mark.slow
@pytest.mark.skipif(compiling.lacking(CPU) is not None, reason="no compiler")
def test_compiled_it_learns_the_same(tmp_path: Path) -> None:
    plain, _ = trained(tmp_path / "plain.pt", steps=3)
    made = generator()
    assert compiling.compiled(made, None, CPU)
    other, _ = trained(tmp_path / "compiled.pt", steps=3, on=made)
    state = other.state_dict()
    assert state.keys() == plain.state_dict().keys()
    for name, weight in plain.state_dict().items():
        assert torch.allclose(state[name], weight, atol=1e-3), name
