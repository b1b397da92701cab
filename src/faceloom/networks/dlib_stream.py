"""What dlib's `serialize` writes, number by number: dlib/serialize.h and dlib/cuda/tensor.h.

Whole numbers are a byte that says how many bytes follow and whether it is negative, and those
bytes, the lowest first. Floats are two whole numbers, mantissa and exponent of two.
"""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

INFINITIES = {32000: math.inf, 32001: -math.inf, 32002: math.nan}  # by exponent
NEGATIVE, UNUSED, LENGTH = 0x80, 0x70, 0x0F  # bits of the byte before a whole number
TENSOR, ALIAS = 2, 1  # versions

Value = TypeVar("Value")

Shape = tuple[int, int, int, int]
"""Samples, channels, rows, columns."""


class Foreign(Exception):
    """The bytes do not say what was expected."""


@dataclass
class Stream:
    """Bytes, and how many of them are read."""

    data: bytes
    place: int = 0

    def take(self, count: int) -> bytes:
        """The next bytes; Foreign where there are not so many."""
        if count < 0:
            raise Foreign("a negative length")
        if count > len(self.data) - self.place:
            raise Foreign("it ends too early")
        taken = self.data[self.place : self.place + count]
        self.place += count
        return taken

    def whole(self) -> int:
        """A whole number."""
        (first,) = self.take(1)
        length = first & LENGTH
        if first & UNUSED or not 1 <= length <= 8:
            raise Foreign("no whole number")
        size = int.from_bytes(self.take(length), "little")
        return -size if first & NEGATIVE else size

    def version(self, *known: int) -> int:
        """A version, one of those that can be read."""
        return self.expected(self.whole(), "version", *known)

    def pair(self) -> tuple[int, int]:
        """Two whole numbers."""
        return self.whole(), self.whole()

    def real(self) -> float:
        """A float."""
        mantissa, exponent = self.pair()
        if exponent in INFINITIES:
            return INFINITIES[exponent]
        try:
            return math.ldexp(mantissa, exponent)
        except OverflowError:
            raise Foreign("no float") from None

    def reals(self, count: int) -> tuple[float, ...]:
        """So many floats."""
        return tuple(self.real() for _ in range(count))

    def flag(self) -> bool:
        """A truth value: the character 0 or 1."""
        return self.expected(self.take(1), "flag", b"0", b"1") == b"1"

    def word(self) -> str:
        """A text."""
        return self.take(self.whole()).decode("latin-1")

    def shape(self) -> Shape:
        """The four sizes of a tensor."""
        return self.whole(), self.whole(), self.whole(), self.whole()

    def tensor(self) -> NDArray[np.float32]:
        """A tensor with its shape; float32, a copy."""
        self.version(TENSOR)
        shape = self.shape()
        if min(shape) < 0:
            raise Foreign("a negative length")
        values = np.frombuffer(self.take(4 * math.prod(shape)), "<f4")
        return values.reshape(shape).astype(np.float32)

    def alias(self) -> Shape:
        """The shape of a part of another tensor."""
        self.version(ALIAS)
        return self.shape()

    def parts(self, values: NDArray[np.float32], *shapes: Shape) -> list[NDArray[np.float32]]:
        """A tensor cut into parts of these shapes, one after the other."""
        ends = np.cumsum([math.prod(shape) for shape in shapes]).tolist()
        self.expected(values.size, "number of parameters", ends[-1])
        cut = np.split(values.ravel(), ends[:-1])
        return [part.reshape(shape) for part, shape in zip(cut, shapes, strict=True)]

    def expected(self, found: Value, what: str, *allowed: Value) -> Value:
        """What was found, if it is allowed."""
        if found not in allowed:
            raise Foreign(f"{what} {found!r} instead of {' or '.join(map(repr, allowed))}")
        return found

    def end(self) -> None:
        """Foreign where bytes are left."""
        if left := len(self.data) - self.place:
            raise Foreign(f"{left} bytes too many")
