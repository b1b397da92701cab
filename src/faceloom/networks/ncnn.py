"""Kernels out of ncnn's files of weights (`.bin`, Tencent's ncnn): convolutions one by one.

Of each: a tag of four bytes; the kernel, in half precision, filled up to four bytes; the bias, in
single precision. What layers there are stands in another file (`.param`): it must be known.
"""

from collections.abc import Iterable, Iterator
from math import ceil, prod

import numpy as np
import torch
from torch import Tensor

HALVES = b"\x47\x6b\x30\x01"  # 0x01306B47: the kernel is in half precision


def kernels(written: bytes, shapes: Iterable[tuple[int, ...]]) -> Iterator[tuple[Tensor, Tensor]]:
    """Each kernel (D, C, h, w) and bias (D,) as float32, of these shapes, in the file's order.

    Raises:
        ValueError: the file has others, or more of them.
    """
    at = 0
    for shape in shapes:
        count = prod(shape)
        if written[at : at + 4] != HALVES:
            raise ValueError(f"no kernel in half precision at byte {at}")
        halves = np.frombuffer(written, "<f2", count, at + 4)
        at += 4 + 4 * ceil(2 * count / 4)
        bias = np.frombuffer(written, "<f4", shape[0], at)
        at += 4 * shape[0]
        kernel = halves.astype(np.float32).reshape(shape)
        yield torch.from_numpy(kernel), torch.from_numpy(bias.copy())
    if at != len(written):
        raise ValueError(f"{len(written) - at} bytes more than these layers have")
