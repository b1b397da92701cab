"""All that a training needs to go on as if it had never stopped."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor

from ..tables import whole
from .saving import save

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """Training after so many steps, in tensors and plain types only.

    The learning rate follows from the step. rngs: generator states by name; tally: the
    history so far, as plain types; others: discriminators, their optimiser, averaged weights,
    where there are any; fingerprint: what the training depends on.
    """

    fingerprint: str
    step: int
    generator: dict[str, Tensor]
    optimiser: dict[str, Any]
    rngs: dict[str, Tensor]
    tally: dict[str, Any]
    others: dict[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write it so that `path` always holds a whole state, whenever the machine stops."""
        with whole(path) as part:
            save({name: getattr(self, name) for name in self.__dataclass_fields__}, part)


def load(path: Path, fingerprint: str) -> State | None:
    """The state in a file, or None (with a line in the log) where it cannot be gone on from.

    Nothing but tensors and plain types is unpickled. Tensors come to the CPU.
    """
    if not path.exists():
        return None
    try:
        state = State(**torch.load(path, map_location="cpu", weights_only=True))
    except (EOFError, OSError, RuntimeError, TypeError, UnpicklingError) as error:
        reason = str(error).partition("\n")[0]
        log.warning("%s: not a saved training (%s); starting anew", path, reason)
        return None
    if state.fingerprint != fingerprint:
        log.warning("%s: saved under other settings, code or faces; starting anew", path)
        return None
    return state
