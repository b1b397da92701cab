"""Little networks in TensorFlow Lite's format, as bytes: front to back, vectors behind tables."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

FLOAT, HALF, WHOLE = 0, 1, 2  # TensorType
TYPES = {"float32": FLOAT, "float16": HALF, "int32": WHOLE}

Field = int | bytes | list["Made"] | np.ndarray | None


@dataclass
class Made:
    """A table: its fields by number; whole numbers are four bytes."""

    fields: list[Field]


@dataclass
class Writer:
    """Bytes so far."""

    data: bytearray = field(default_factory=bytearray)

    def table(self, made: Made) -> int:
        """Write a table and all below it; where it lies."""
        vtable = len(self.data)
        size = 4 + 2 * len(made.fields)
        self.data += struct.pack("<HH", size, 0)
        offsets = [0 if each is None else 4 + 4 * i for i, each in enumerate(made.fields)]
        self.data += struct.pack(f"<{len(offsets)}H", *offsets)
        place = len(self.data)
        self.data += struct.pack("<i", place - vtable) + bytes(4 * len(made.fields))
        for number, each in enumerate(made.fields):
            self.put(place + 4 + 4 * number, each)
        return place

    def put(self, place: int, each: Field) -> None:
        """Write a field's number, or what it points to."""
        if isinstance(each, int):
            struct.pack_into("<i", self.data, place, each)
        elif each is not None:
            struct.pack_into("<I", self.data, place, len(self.data) - place)
            self.vector(each)

    def vector(self, each: bytes | Sequence[Made] | np.ndarray) -> None:
        """Write a vector of numbers or tables."""
        self.data += struct.pack("<I", len(each))
        if isinstance(each, (bytes, np.ndarray)):
            self.data += bytes(each) if isinstance(each, bytes) else each.astype("<i4").tobytes()
            return
        start = len(self.data)
        self.data += bytes(4 * len(each))
        for number, made in enumerate(each):
            place = start + 4 * number
            struct.pack_into("<I", self.data, place, self.table(made) - place)


def network(
    constants: list[np.ndarray | None], operators: list[tuple[int, list[int], list[int]]]
) -> bytes:
    """A network: its tensors, with numbers or none; (code, inputs, outputs) of its operators."""
    known = [each for each in constants if each is not None]
    buffers = [Made([None]), *(Made([each.tobytes()]) for each in known)]
    where = iter(range(1, len(buffers)))
    tensors = [
        Made([np.array([1]), FLOAT, 0])
        if each is None
        else Made([np.array(each.shape, int), TYPES[str(each.dtype)], next(where)])
        for each in constants
    ]
    codes = sorted({code for code, _, _ in operators})
    called = [
        Made([codes.index(code), np.array(inputs), np.array(outputs)])
        for code, inputs, outputs in operators
    ]
    graph = Made([tensors, np.array([0]), np.array([0]), called])
    model = Made([3, [Made([code]) for code in codes], [graph], None, buffers])
    writer = Writer(bytearray(b"\0\0\0\0TFL3"))
    struct.pack_into("<I", writer.data, 0, writer.table(model))
    return bytes(writer.data)
