"""Whether two files say the same, whatever their bytes are."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pyarrow.parquet as pq
import torch
from PIL import Image


def unlike(one: Path, two: Path) -> bool:
    """Whether they differ: in weights, columns, frames or pixels; all else in its bytes."""
    if one.read_bytes() == two.read_bytes():
        return False
    match one.suffix:
        case ".pt":
            return not same(*(torch.load(each, weights_only=True) for each in (one, two)))
        case ".parquet":
            return not pq.read_table(one).equals(pq.read_table(two))
        case ".mp4":
            return not same(frames(one), frames(two))
        case ".png":
            return not np.array_equal(np.asarray(Image.open(one)), np.asarray(Image.open(two)))
    return True


def same(one: Any, two: Any) -> bool:
    """Whether two structures of tensors and plain types are equal."""
    if isinstance(one, torch.Tensor):
        return isinstance(two, torch.Tensor) and torch.equal(one, two)
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(two) and all(map(same, one, two))
    return bool(one == two)


def frames(film: Path) -> list[tuple[int | None, bytes]]:
    """Every picture, and when it is shown."""
    with av.open(film) as file:
        every = file.decode(video=0)
        return [(frame.pts, frame.to_ndarray(format="rgb24").tobytes()) for frame in every]
