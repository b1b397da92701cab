"""The numbers in a frozen TensorFlow graph (tensorflow/core/framework/graph.proto).

Only these are read; what the network does with them is written down in torch.
"""

from math import prod

import numpy as np

from faceloom.networks.flatbuffer import Foreign
from faceloom.networks.protobuf import Value, fields
from faceloom.networks.stored import Numbers, Stored

NODE = 1  # of a GraphDef
NAME, OP, ATTRIBUTE = 1, 2, 5  # of a NodeDef
KEY, VALUE = 1, 2  # of an entry of a map
TENSOR = 8  # of an AttrValue
TYPE, SHAPE, CONTENT = 1, 2, 4  # of a TensorProto
SIZES, SIZE = 2, 1  # of a TensorShapeProto, and of its Dim
FLOAT = 1  # of the types of numbers; others are no weights


def constants(data: bytes) -> Stored:
    """All constant arrays of single precision, by the names of their nodes.

    Raises:
        Foreign: the bytes are no such graph.
    """
    found = {}
    for field, node in fields(data):
        if field == NODE and (told := list(fields(message(node)))) and (OP, b"Const") in told:
            name = b"".join(v for f, v in told if f == NAME and isinstance(v, bytes))
            entries = [dict(fields(message(v))) for f, v in told if f == ATTRIBUTE]
            for entry in entries:
                if entry.get(KEY) == b"value":
                    held = dict(fields(message(entry.get(VALUE, b""))))
                    numbers = tensor(message(held.get(TENSOR, b"")))
                    if numbers is not None:
                        found[name.decode(errors="replace")] = numbers
    if not found:
        raise Foreign("no network in TensorFlow's format")
    return Stored(found)


def tensor(data: bytes) -> Numbers | None:
    """A tensor's numbers; none where they are of another type, or not written out."""
    told = dict(fields(data))
    if told.get(TYPE) != FLOAT or CONTENT not in told:
        return None
    sizes = [
        dict(fields(message(v))) for f, v in fields(message(told.get(SHAPE, b""))) if f == SIZES
    ]
    shape = [int(size.get(SIZE, 0)) for size in sizes]
    content = message(told[CONTENT])
    if len(content) != 4 * prod(shape):
        raise Foreign(f"{len(content)} bytes for {shape} numbers")
    return np.frombuffer(content, "<f4").reshape(shape)


def message(value: Value) -> bytes:
    """The bytes of a message."""
    if not isinstance(value, bytes):
        raise Foreign("a number where there should be a message")
    return value
