"""Where numbers are computed, in how many bits, and memory kept where it was."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

Precision = Literal["bf16", "fp32"]

CPU_FLAGS = Path("/proc/cpuinfo")
UNITS = {"avx512_bf16", "amx_bf16"}

# glibc malloc.h: give nothing back to the system until the process ends.
KEPT = {-3: 1 << 30, -1: (1 << 31) - 1, -2: 1 << 28}  # mmap threshold, trim threshold, top pad


def fastest() -> torch.device:
    """A GPU where there is one, or the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def chosen(device: torch.device | str, wanted: Literal["auto", "bf16", "fp32"]) -> Precision:
    """What is computed in: as wanted, or for "auto" bf16 where the device is fast at it."""
    if wanted != "auto":
        return wanted
    kind = torch.device(device).type
    if kind == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        fast = kind == "cpu" and CPU_FLAGS.exists() and bf16_units(CPU_FLAGS.read_text())
    return "bf16" if fast else "fp32"


@contextmanager
def autocast(
    device: torch.device | str, wanted: Literal["auto", "bf16", "fp32"]
) -> Iterator[Precision]:
    """Networks inside run in the chosen precision, which is what `as` gives."""
    precision = chosen(device, wanted)
    kind = torch.device(device).type
    with torch.autocast(kind, dtype=torch.bfloat16, enabled=precision == "bf16"):
        yield precision


def fine(values: Tensor) -> Tensor:
    """As float32, or as they are where that is finer."""
    return values if values.dtype == torch.float64 else values.float()


def bf16_units(cpuinfo: str) -> bool:
    """Whether the text of /proc/cpuinfo names arithmetic units for bf16.

    Without them PyTorch computes bf16 a hundred times slower than fp32.
    """
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    return any(name.strip() == "flags" and UNITS & set(flags.split()) for name, _, flags in lines)


def keep_allocator() -> bool:
    """Keep freed memory in the process; True where the C library is one that can (glibc).

    glibc returns every large activation to the system and faults it in again at the next
    step. Changes no result, only speed (1.25 to 2 times on large networks).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all([mallopt(key, value) for key, value in KEPT.items()])
