"""FlatBuffers read in place: tables of numbered fields (flatbuffers.dev, "internals").

Nothing is believed: every offset is checked, so that a damaged file is told from a whole one.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VTABLE_HEADER = 4  # bytes before the first field's offset: two lengths


class Foreign(Exception):
    """The bytes do not say what was expected."""


@dataclass(frozen=True)
class Table:
    """A table in a buffer; its fields go by number, those that are missing are 0 or empty."""

    data: bytes
    place: int

    def number(self, field: int, form: str) -> int:
        """A whole number of that form, as `struct` names it."""
        place = self.field(field)
        return read(self.data, place, form) if place else 0

    def numbers(self, field: int, kind: str = "<i4") -> NDArray[np.generic]:
        """A vector of numbers of that numpy type."""
        start, count = self.vector(field)
        kept = np.dtype(kind)
        within(self.data, start, count * kept.itemsize)
        return np.frombuffer(self.data, kept, count, start)

    def tables(self, field: int) -> list["Table"]:
        """A vector of tables."""
        start, count = self.vector(field)
        within(self.data, start, 4 * count)
        return [Table(self.data, pointed(self.data, start + 4 * i)) for i in range(count)]

    def vector(self, field: int) -> tuple[int, int]:
        """Where a vector's first element lies, and how many there are."""
        place = self.field(field)
        if not place:
            return 0, 0
        start = pointed(self.data, place)
        return start + 4, read(self.data, start, "<I")

    def field(self, number: int) -> int:
        """Where a field lies; 0 where it is missing."""
        vtable = self.place - read(self.data, self.place, "<i")
        entry = VTABLE_HEADER + 2 * number
        if entry >= read(self.data, vtable, "<H"):
            return 0
        offset = read(self.data, vtable + entry, "<H")
        return self.place + offset if offset else 0


def root(data: bytes, name: bytes) -> Table:
    """The buffer's outermost table, if it is of the format of that name (four letters)."""
    if data[4:8] != name:
        raise Foreign(f"no {name.decode()} at its beginning")
    return Table(data, pointed(data, 0))


def pointed(data: bytes, place: int) -> int:
    """Where the offset at that place leads."""
    return place + read(data, place, "<I")


def read(data: bytes, place: int, form: str) -> int:
    """A whole number."""
    within(data, place, struct.calcsize(form))
    (value,) = struct.unpack_from(form, data, place)
    return int(value)


def within(data: bytes, place: int, count: int) -> None:
    """Foreign where these bytes are not all in the buffer."""
    if place < 0 or place + count > len(data):
        raise Foreign("it ends too early")


def chosen(tables: list[Table], numbers: NDArray[np.generic]) -> Iterator[Table]:
    """The tables of these numbers; Foreign where there is no such table."""
    for number in numbers.tolist():
        if not 0 <= number < len(tables):
            raise Foreign(f"no table {number}")
        yield tables[number]
