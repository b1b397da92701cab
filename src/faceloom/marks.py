"""What long work depends on, in one line: by it a rerun knows whether what was begun is its own."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from .weights import sha256


def mark(said: Iterable[str], inputs: Iterable[Path]) -> str:
    """Hex digits of all that is said (settings, digests of code) and of the files' contents."""
    return hashlib.sha256("\n".join([*said, *map(sha256, inputs)]).encode()).hexdigest()
