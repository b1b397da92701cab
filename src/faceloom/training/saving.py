"""Tensors and plain types into a file."""

import os
from pathlib import Path
from typing import Any

import torch


def save(said: dict[str, Any], path: Path) -> None:
    """Write them, all the way to the disk.

    Equal things are equal bytes: given a path, torch would write its name into the file.

    Raises:
        OSError: where they cannot be written, a full disk among it.
    """
    with path.open("wb") as file:
        try:
            torch.save(said, file)
        except RuntimeError as error:  # torch's, at what is left of it after the real one
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise
        file.flush()
        os.fsync(file.fileno())
