"""Pictures set aside on disk, to be taken up in any order: thousands of them need no memory.

The files have no names: they are gone with this process, however it ends.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from math import prod
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import Any

import numpy as np

from .errors import room_for
from .images import decode


class Album(Sequence[np.ndarray]):
    """Pictures as they are encoded, in a file that ends with them; each decoded when taken up."""

    def __init__(self) -> None:
        """An empty one."""
        self.file = TemporaryFile(prefix="faceloom-")  # noqa: SIM115  closed with the album
        self.ends = [0]

    def add(self, data: bytes) -> int:
        """Put a picture at the end; the number that it has from now on."""
        self.file.seek(self.ends[-1])
        self.file.write(data)
        self.ends.append(self.ends[-1] + len(data))
        return len(self) - 1

    def __len__(self) -> int:
        """How many pictures there are."""
        return len(self.ends) - 1

    def __getitem__(self, number: Any) -> Any:
        """The picture of that number, as `images.decode` gives it."""
        place = range(len(self))[number]
        self.file.seek(self.ends[place])
        return decode(self.file.read(self.ends[place + 1] - self.ends[place]))


def mapped(shape: tuple[int, ...]) -> np.ndarray:
    """An array of bytes in such a file, all 0.

    Raises:
        FaceloomError: there is no room for it.
    """
    with TemporaryFile(prefix="faceloom-") as file, room_for(Path(gettempdir())):
        os.posix_fallocate(file.fileno(), 0, prod(shape))  # else a full disk kills who writes
        return np.memmap(file, np.uint8, "r+", shape=shape)
