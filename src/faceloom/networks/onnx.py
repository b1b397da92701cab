"""The numbers that a network in ONNX's format was taught (onnx/onnx.proto).

Only these are read; what the network does with them is written down in torch.
"""

from math import prod

import numpy as np

from faceloom.networks.flatbuffer import Foreign
from faceloom.networks.protobuf import fields, number
from faceloom.networks.stored import Numbers, Stored

GRAPH = 7  # of a ModelProto
INITIALIZER = 5  # of a GraphProto
DIMS, TYPE, FLOATS, NAME, RAW = 1, 2, 4, 8, 9  # of a TensorProto
FLOAT = 1  # of the types of numbers; others are no weights


def initialisers(data: bytes) -> Stored:
    """All arrays of single precision, by their names.

    Raises:
        Foreign: the bytes are no such network.
    """
    graphs = [value for field, value in fields(data) if field == GRAPH]
    if len(graphs) != 1 or not isinstance(graphs[0], bytes):
        raise Foreign("no network in ONNX's format")
    found = {}
    for field, value in fields(graphs[0]):
        if field == INITIALIZER and isinstance(value, bytes):
            name, numbers = tensor(value)
            if numbers is not None:
                found[name] = numbers
    return Stored(found)


def tensor(data: bytes) -> tuple[str, Numbers | None]:
    """A tensor's name and its numbers; none where they are of another type."""
    shape: list[int] = []
    name, kind, stored = "", 0, b""
    for field, value in fields(data):
        if field == DIMS:
            shape += packed(value) if isinstance(value, bytes) else [int(value)]
        elif field == TYPE:
            kind = int(value)
        elif field == NAME and isinstance(value, bytes):
            name = value.decode(errors="replace")
        elif field in (FLOATS, RAW) and isinstance(value, bytes):
            stored = value
    if kind != FLOAT:
        return name, None
    if len(stored) != 4 * prod(shape):
        raise Foreign(f"{name}: {len(stored)} bytes for {shape} numbers")
    return name, np.frombuffer(stored, "<f4").reshape(shape)


def packed(data: bytes) -> list[int]:
    """Whole numbers one after the other."""
    found, place = [], 0
    while place < len(data):
        value, place = number(data, place)
        found.append(value)
    return found
