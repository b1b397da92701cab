from pathlib import Path

import pytest
import torch

from faceloom.training import precision
from faceloom.training.precision import autocast, bf16_units, chosen, keep_allocator

ZEN3 = "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu avx avx2 fma\nbugs\t: avx512_bf16\n"
ZEN5 = ZEN3.replace("avx2", "avx2 avx512f avx512_bf16")
XEON = ZEN3.replace("avx2", "avx2 amx_bf16 amx_tile")


@pytest.mark.parametrize(("cpuinfo", "units"), [(ZEN3, False), (ZEN5, True), (XEON, True)])
def test_units_are_read_from_the_flags(cpuinfo: str, units: bool) -> None:
    assert bf16_units(cpuinfo) is units


@pytest.mark.parametrize(("cpuinfo", "expected"), [(ZEN3, "fp32"), (ZEN5, "bf16"), (None, "fp32")])
def test_auto_is_what_the_machine_is_fast_at(
    cpuinfo: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = tmp_path / "cpuinfo"
    if cpuinfo is not None:
        flags.write_text(cpuinfo)
    monkeypatch.setattr(precision, "CPU_FLAGS", flags)
    assert chosen("cpu", "auto") == expected
    assert chosen("cpu", "bf16") == "bf16"
    assert chosen("cpu", "fp32") == "fp32"


@pytest.mark.parametrize(("wanted", "dtype"), [("bf16", torch.bfloat16), ("fp32", torch.float32)])
def test_networks_run_in_what_was_chosen(wanted: precision.Precision, dtype: torch.dtype) -> None:
    with autocast("cpu", wanted) as used:
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert used == wanted
    assert product.dtype == dtype
    assert not torch.is_autocast_enabled("cpu")


def test_keeping_memory_changes_no_result() -> None:
    before = torch.arange(10).sum()
    assert isinstance(keep_allocator(), bool)
    assert torch.arange(10).sum() == before
