"""Protocol Buffers as they are written: numbered fields, one after the other (protobuf.dev)."""

import struct
from collections.abc import Iterator

from faceloom.networks.flatbuffer import Foreign, within

NUMBER, LONG, BYTES, SHORT = 0, 1, 2, 5  # how a field is written
FIXED = {LONG: "<d", SHORT: "<f"}

Value = int | float | bytes


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """A message's fields: the number of each, and a whole number, a float, or bytes.

    Raises:
        Foreign: the bytes are no message.
    """
    place = 0
    while place < len(data):
        head, place = number(data, place)
        form = head & 7
        if form == NUMBER:
            value, place = number(data, place)
            yield head >> 3, value
        elif form in FIXED:
            size = struct.calcsize(FIXED[form])
            within(data, place, size)
            yield head >> 3, float(struct.unpack_from(FIXED[form], data, place)[0])
            place += size
        elif form == BYTES:
            size, place = number(data, place)
            within(data, place, size)
            yield head >> 3, data[place : place + size]
            place += size
        else:
            raise Foreign(f"no field is written as {form}")


def number(data: bytes, place: int) -> tuple[int, int]:
    """A whole number, seven bits to a byte, and where the next thing begins."""
    value = 0
    for step in range(10):
        within(data, place + step, 1)
        byte = data[place + step]
        value |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            return value, place + step + 1
    raise Foreign("a number without an end")
