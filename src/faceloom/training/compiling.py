"""Networks put through torch.compile, where there is what it takes."""

import logging
import os
import shutil
from importlib.util import find_spec

import torch

from ..models.generator import Generator
from .adversary import Adversary

log = logging.getLogger(__name__)


def compiled(generator: Generator, adversary: Adversary | None, device: torch.device) -> bool:
    """Have their parts compiled when they first run; False, with a line, where nothing can.

    Weights keep their names: what is saved is as without.
    """
    if missing := lacking(device):
        log.warning("train.compile: %s is not there; going on without", missing)
        return False
    parts = [generator.encoder, generator.unfold, *generator.decoders.values()]
    if adversary is not None:
        parts += adversary.networks.values()
    for part in parts:
        part.compile()
    return True


def lacking(device: torch.device) -> str | None:
    """What is needed to compile for a device and not there."""
    if device.type == "cuda":
        return None if find_spec("triton") else "Triton"
    told = os.environ.get("CXX")
    found = any(shutil.which(name) for name in ([told] if told else ["g++", "clang++"]))
    return None if found else f"a C++ compiler ({told or 'g++ or clang++'})"
